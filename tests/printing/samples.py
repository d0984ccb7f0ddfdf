"""Documents for the tests: the course of the demo, short, long, and beyond all reason."""

from msgspec.structs import replace

from trainings.printing.rules import (
    AgendaDocument,
    AgendaWording,
    CertificateDocument,
    Day,
    Mark,
    ModuleLine,
    SessionLine,
    Signatory,
    Wording,
)

SPANISH = Wording(
    language="es",
    document_title="Certificado de aprovechamiento: Formación para investigadores",
    heading="Certificado",
    subheading="de aprovechamiento",
    certifies="Se certifica que",
    holder_line="Fiscal · Bolivia",
    completed="completó la",
    course_title="Formación para investigadores de trata de personas en América del Sur",
    when_and_where="Buenos Aires, Argentina · del 1 al 4 de febrero de 2027 · 28 horas",
    modules_label="Módulos y horas",
    modules=(
        ModuleLine("Técnicas de investigación de casos de trata", "10 h"),
        ModuleLine("Participación de las víctimas en el proceso judicial", "8 h"),
        ModuleLine("Herramientas de cooperación policial internacional", "6 h"),
        ModuleLine("Legislación comparada de la región", "4 h"),
    ),
    serial_label="N.º",
    verify_label="Verifíquelo en",
    code_text="Código que lleva a la página donde se verifica este certificado",
    signature_text="Firma de",
)
ENGLISH = replace(
    SPANISH,
    language="en",
    document_title="Certificate of completion: Training for investigators",
    heading="Certificate",
    subheading="of completion",
    certifies="This is to certify that",
    holder_line="Prosecutor · Bolivia",
    completed="completed the",
    course_title="Training for investigators of trafficking in persons in South America",
    when_and_where="Buenos Aires, Argentina · 1 to 4 February 2027 · 28 hours",
    modules=(
        ModuleLine("Techniques of investigating trafficking cases", "10 h"),
        ModuleLine("Participation of victims in the judicial process", "8 h"),
        ModuleLine("Tools of international police co-operation", "6 h"),
        ModuleLine("Comparative legislation of the region", "4 h"),
    ),
    serial_label="No.",
    verify_label="Check it at",
    code_text="Code that opens the page to check this certificate",
)
FRENCH = replace(
    SPANISH,
    language="fr",
    heading="Certificat",
    subheading="de réussite",
    certifies="Il est certifié que",
    holder_line="Procureure · Bolivie",
    completed="a suivi avec succès la",
    course_title="Formation des enquêteurs sur la traite des personnes en Amérique du Sud",
    when_and_where="Buenos Aires, Argentine · du 1er au 4 février 2027 · 28 heures",
    modules=(
        ModuleLine("Techniques d’enquête dans les affaires de traite", "10 h"),
        ModuleLine("Participation des victimes à la procédure judiciaire", "8 h"),
        ModuleLine("Outils de coopération policière internationale", "6 h"),
        ModuleLine("Législation comparée de la région", "4 h"),
    ),
    serial_label="N°",
    verify_label="À vérifier sur",
    code_text="Code menant à la page où ce certificat se vérifie",
)
PORTUGUESE = replace(
    SPANISH,
    language="pt-BR",
    heading="Certificado",
    subheading="de conclusão",
    certifies="Certifica-se que",
    holder_line="Promotora · Bolívia",
    completed="concluiu a",
    course_title="Formação para investigadores de tráfico de pessoas na América do Sul",
    when_and_where="Buenos Aires, Argentina · de 1 a 4 de fevereiro de 2027 · 28 horas",
    modules=(
        ModuleLine("Técnicas de investigação de casos de tráfico", "10 h"),
        ModuleLine("Participação das vítimas no processo judicial", "8 h"),
        ModuleLine("Ferramentas de cooperação policial internacional", "6 h"),
        ModuleLine("Legislação comparada da região", "4 h"),
    ),
    serial_label="N.º",
    verify_label="Verifique em",
    code_text="Código que leva à página onde este certificado é verificado",
)
LANGUAGES = (ENGLISH, SPANISH, FRENCH, PORTUGUESE)

MARKS = (
    Mark("OIM", "#0033a0"),
    Mark("INTERPOL", "#1a2a55"),
    Mark("UNODC", "#1b75bb"),
    Mark("CICAD-OEA", "#7a1f1f"),
    Mark("EUROPOL", "#174f3a"),
)
SIGNATORIES = (
    Signatory(
        "Dirección Regional para América del Sur", "Organización Internacional para las Migraciones"
    ),
    Signatory("Oficina Regional para América del Sur", "INTERPOL"),
    Signatory("Oficina Regional", "Oficina de las Naciones Unidas contra la Droga y el Delito"),
    Signatory(
        "Directora Regional y Representante ante los Organismos Regionales",
        "Comisión Interamericana para el Control del Abuso de Drogas",
        "Dra. María Fernanda Villavicencio Rodríguez",
    ),
)
CERTIFICATE = CertificateDocument(
    first=SPANISH,
    holder_name="María José Núñez de la Peña",
    serial="BUE27-7F3K9Q-4",
    verify_url="https://trainings.example/c/Zk3vJx0b1cP0Qm8h5s2XrA",
    short_url="trainings.example/verify",
    marks=MARKS[:3],
    signatories=SIGNATORIES[:3],
)
LONG_NAME = (
    "María de los Ángeles Guadalupe Fernández-Villavicencio y Goyeneche de Santa Cruz"
    " y Rodríguez de la Torre Montalbán"
)
NAMES = (
    "Li",
    "María José Núñez de la Peña",
    LONG_NAME,
    "Ñ" * 90,
    "Александра Константиновна Рождественская-Преображенская",
    "محمد عبد الرحمن بن سلمان الهاشمي",
    "محمد عبد الرحمن بن سلمان بن عبد العزيز بن خالد الهاشمي القرشي البغدادي الدمشقي",
    "欧阳明慧",
    "欧阳" * 30,
    "Nguyễn Thị Ánh Nguyệt O’Brien-Łukasiewicz",
)


def full(words: Wording) -> Wording:
    """The wording with all that the forms allow: eight long modules, a long title, a long line."""
    more = " con enfoque de género, derechos humanos y reparación integral a las víctimas"
    titles = [module.title for module in words.modules]
    return replace(
        words,
        modules=tuple(ModuleLine(titles[n % 4] + more, f"{n + 2} h") for n in range(8)),
        course_title=words.course_title + ": cooperación policial internacional y participación"
        " de las víctimas en casos de trata de personas y tráfico ilícito de migrantes",
        holder_line="Funcionario de la policía de investigaciones · República Bolivariana"
        " de Venezuela",
        when_and_where="Ciudad Autónoma de Buenos Aires, Argentina · del 28 de septiembre"
        " al 1 de octubre de 2027 · 128 horas",
    )


AGENDA = AgendaDocument(
    wording=AgendaWording(
        language="es",
        document_title="Agenda: Formación para investigadores",
        heading="Agenda",
        time="Hora",
        session="Sesión",
        room="Sala",
        trainers="Formadores",
        page="Página {page} de {pages}",
        printed="Impreso el 30 de enero de 2027 a las 18:40 por M. Rojas",
        empty="Sin sesiones",
        confidential="Confidencial",
    ),
    course_title=SPANISH.course_title,
    course_line="Buenos Aires, Argentina · del 1 al 4 de febrero de 2027 · hora de Buenos Aires",
    days=tuple(
        Day(
            title,
            (
                SessionLine(
                    "09:00",
                    "10:30",
                    "Técnicas de investigación de casos de trata",
                    "Sala San Martín",
                    ("A. Quispe", "R. Mendoza"),
                ),
                SessionLine("10:30", "11:00", "Pausa", quiet=True),
                SessionLine(
                    "11:00",
                    "13:00",
                    "Participación de las víctimas en el proceso judicial",
                    "Sala San Martín",
                    ("L. Ferreira",),
                ),
            ),
        )
        for title in (
            "Lunes 1 de febrero de 2027",
            "Martes 2 de febrero de 2027",
            "Miércoles 3 de febrero de 2027",
            "Jueves 4 de febrero de 2027",
        )
    ),
    marks=MARKS[:3],
)
