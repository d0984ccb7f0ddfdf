"""Trainings: the system with which agencies run joint training courses.

Start here. One folder per domain, the same few files in each; nothing points back up:

    app -> demo -> home -> privacy -> workspace -> certificates -> evaluations
        -> attendance -> agenda | seating -> registrations | rosters -> courses -> accounts
        -> people -> mail | printing -> audit -> jobs -> core

Inside a domain: views, cli, tasks -> forms | operations -> writes -> queries, adapters
-> models -> rules. ``app.py`` puts the parts together; ``core`` knows no domain.
"""
