"""Papers of a course with the longest and the most distant names."""

from msgspec.structs import replace

from trainings.printing.paper_rules import (
    BackDocument,
    BadgesDocument,
    Bearer,
    Blank,
    Column,
    Fact,
    LawCell,
    LawPart,
    LawsDocument,
    LawsForm,
    LetterDocument,
    PaperWording,
    ProgrammeDocument,
    ProgrammeLesson,
    ProgrammePhase,
    SheetDocument,
    Table,
    TableListDocument,
    TentsDocument,
)
from trainings.printing.rules import Mark, ModuleLine, Signatory

COURSE = "Curso de investigación de la trata de personas con fines de explotación"
LINE = "Buenos Aires, Argentina · 1–4 feb 2027 · Centro de Formación"
MARKS = (Mark("OIM", "#0b3d91"), Mark("INTERPOL", "#1b2a4a"), Mark("UNODC", "#0b6fa4"))
NAMES = (
    "María José Núñez de la Peña",
    "محمد بن عبد الله العربي",
    "Дарья Константиновна Иванова",
    "王伟",
    "Wilhelmina Maximiliana Alexandra von Hohenzollern-Sigmaringen y Fernández de Córdoba",
    "Ana Ruiz",
)
WORDS = PaperWording(
    language="es",
    document_title=f"Hoja · {COURSE}",
    heading="Hoja de asistencia",
    page="Página {page} de {pages}",
    printed="Impreso el 30 ene 2027, 18:40 por María Rojas",
    confidential="Confidencial",
)
BEARERS = tuple(
    Bearer(
        name,
        "Fiscal",
        "Bolivia",
        "Docente" if number == 1 else "",
        f"Mesa {number}, asiento 12" if number != 1 else "",
    )
    for number, name in enumerate(NAMES)
)
SHEET = SheetDocument(
    wording=WORDS,
    course_title=COURSE,
    course_line=LINE,
    columns=(
        Column("N.º", 9),
        Column("Nombre"),
        Column("País", 30),
        Column("Mañana: firma", 40, Blank.HAND),
        Column("Tarde: firma", 40, Blank.HAND),
        Column("Entregado", 16, Blank.BOX),
    ),
    tables=tuple(
        Table(
            day,
            tuple(
                (
                    str(number + 1),
                    f"{NAMES[number % len(NAMES)]}\nPolicía de investigaciones",
                    "Bolivia (Estado Plurinacional de)",
                )
                for number in range(30)
            ),
        )
        for day in ("Lunes 1 de febrero de 2027", "Martes 2 de febrero de 2027")
    ),
    marks=MARKS,
    landscape=True,
)
BADGES = BadgesDocument(
    wording=WORDS,
    course_title=COURSE,
    course_line=LINE,
    bearers=BEARERS,
    marks=MARKS,
    code_url="https://trainings.example/courses/BUE27/agenda",
    code_text="Código que lleva a la agenda",
    code_line="La agenda del curso",
    contact="courses@trainings.example",
    note="Corte por las líneas exteriores y doble por la mitad.",
)
TENTS = TentsDocument(
    wording=WORDS,
    course_title=COURSE,
    bearers=BEARERS,
    note="Doble por las dos líneas: este tercio es la base.",
)
LETTER = LetterDocument(
    wording=WORDS,
    marks=MARKS,
    sender=("Organización Internacional para las Migraciones", "courses@trainings.example"),
    addressee=(NAMES[4], "Fiscal", "Bolivia"),
    place_and_date="Buenos Aires, 3 de diciembre de 2026",
    reference="R-7K3M9QX · BUE27",
    subject=f"Invitación: {COURSE}",
    paragraphs=(
        "Nos complace invitarla a participar en la formación que se indica a continuación.",
        "Su plaza está confirmada.",
    ),
    facts=(
        Fact("Formación", COURSE),
        Fact("Fechas", "del 1 al 4 de febrero de 2027"),
        Fact("Pasaporte", "—"),
    ),
    after=("Agradecemos que se le concedan las facilidades necesarias.",),
    closing="Atentamente,",
    signatories=(
        Signatory("Dirección Regional", "Organización Internacional para las Migraciones"),
        Signatory("Jefatura de la Unidad de Capacitación", "INTERPOL", name="Ada Ejemplo"),
    ),
)
BACK = BackDocument(
    language="es",
    document_title=f"Módulos y horas · {COURSE}",
    heading="Módulos y horas",
    course_title=COURSE,
    when_and_where=f"{LINE} · 28 horas",
    module_label="Módulo",
    hours_label="Horas",
    modules=tuple(
        ModuleLine(f"{number}. Técnicas de entrevista a víctimas y testigos en casos", "3,5 h")
        for number in range(1, 9)
    ),
    serial_label="N.º",
    serial="BUE27-7K3M9QX",
)
TABLE_LIST = TableListDocument(
    wording=replace(WORDS, heading="Lista de mesas"),
    course_title=COURSE,
    course_line=LINE,
    tables=tuple(
        Table(
            f"Mesa {table}",
            tuple(
                (str(place), NAMES[(table + place) % len(NAMES)], "Bolivia · Fiscalía")
                for place in range(1, 9)
            ),
        )
        for table in range(1, 8)
    ),
    marks=MARKS,
)
COUNTRIES = ("Argentina", "Bolivia", "Brasil", "Chile", "Colombia", "Ecuador", "Paraguay")
LAWS = LawsDocument(
    wording=replace(WORDS, heading="Leyes lado a lado", confidential=""),
    course_title=COURSE,
    course_line=LINE,
    form=LawsForm.HANDOUT,
    explained="El registro de leyes al 31 de enero de 2027.",
    heads=("País", "Qué dice la ley", "Ley, artículo, año"),
    sources="Fuentes",
    parts=tuple(
        LawPart(
            title,
            "¿Qué pena de prisión, en años desde-hasta, tiene el delito básico?",
            tuple(
                LawCell(
                    name,
                    f"Prisión de {number} a {number + 4} años; si la explotación se consuma, más.",
                    place="Código Penal, art. 145 bis (2012)",
                    footnote=str(number),
                )
                if number % 3
                else LawCell(name, "Prison, 8 to 15 years.", "en", "Lei 13.344", str(number))
                for number, name in enumerate(COUNTRIES, 1)
            ),
            tuple(
                Fact(str(number), f"{name}: Gaceta Oficial. https://gazette.example/{'ley' * 20}")
                for number, name in enumerate(COUNTRIES, 1)
            ),
        )
        for title in ("Pena del delito básico", "Medios exigidos")
    ),
    marks=MARKS,
)
PROGRAMME = ProgrammeDocument(
    wording=replace(WORDS, heading="Programa", confidential=""),
    title="Spartacus",
    explained="Nueve países examinan juntos cómo se investiga y se juzga la trata de personas.",
    sums=(Fact("Hallazgos", "Abierto: 2"), Fact("Lecciones", "Retomada: 4 · Abierta: 1")),
    line_title="Línea de tiempo",
    line_heads=("Fase", "Fechas", "octubre de 2025 – noviembre de 2027"),
    phases=(
        ProgrammePhase("Evaluación regional", "Entrevistas.", "oct 2025 – dic 2025", 0.0, 12.5),
        ProgrammePhase("Operación", "", "feb 2026", 40.0, 1.5),
        ProgrammePhase("Sin fechas", "", "sin fechas", 0.0, 0.0),
    ),
    phases_note="",
    lessons_title="Hallazgos y lecciones",
    lessons_heads=("Qué se halló o aprendió", "Fuente y responsable", "Estado y resultado"),
    lessons=tuple(
        ProgrammeLesson(
            "Lección",
            "Enseñar la prueba que se sostiene sin la víctima: dinero, teléfonos, inmuebles.",
            "Evaluación regional",
            "Responsable: OIM",
            "Retomada",
            ("Módulo: Técnicas de investigación", "Curso: Spartacus II")[: number % 3],
        )
        for number in range(12)
    ),
    lessons_note="6 más en la página del programa.",
    marks=MARKS,
)
PAPERS = {
    "programme": PROGRAMME,
    "sheet": SHEET,
    "table_list": TABLE_LIST,
    "badges": BADGES,
    "tents": TENTS,
    "letter": LETTER,
    "back": BACK,
    "laws-handout": LAWS,
    "laws-matrix": replace(LAWS, form=LawsForm.MATRIX, heads=("Tema", *COUNTRIES)),
    "laws-worksheet": replace(LAWS, form=LawsForm.WORKSHEET),
}
