"""Names that are common in the Netherlands: enough to know a name by its company, far too few to know every name."""

from __future__ import annotations

_FIRST_NAMES = """
aaliyah aart abdel abdul achmed adam adriaan ahmed aisha albert ali alice amina amir anna anne anneke annemarie annie anouk
anton antonia arie arjan bart bas ben bernard bert bianca bram carla caroline chantal charlotte christiaan cor corrie daan
daniel daniël danny david dennis derk diana dick dirk doortje ebru eef elisabeth elise ellen elly els emine emma erica erik
esther eva evert fatima fatma femke ferdinand fleur floor frank frans fred frederik frits gerard gerda gerrit gert gijs greet
guus hanna hannah hans harm harry hassan hendrik henk herman hilde hugo ibrahim ilse inge ingrid irene iris ismail jaap jack
jacob jacqueline jan janneke jannie jasmijn jasper jayden jelle jeroen jesse jim joep johan johanna johannes john jolanda
joost joris jos jose josé julia jurgen kaatje karel karin kasper kees kevin kim klaas koen lars laura leendert lena liam
lieke lieve linda lisa loes lotte louis luc lucas luuk maaike maarten machteld madelon marcel margriet maria marianne marieke
marijke marit marjan mark martijn martin max mehmet merel michael michiel mieke milan mina mohamed mohammed monique mustafa
nadia naomi nicole niels nina noah noor omar oscar patrick paul petra piet pieter rachel ramon rashid rene rené richard rick
rob robert robin roel ronald roos rosa ruben rutger ruud saar sander sandra sanne sara sarah saskia sem simon sjaak sjoerd
sofie sophie stefan stephanie steven stijn suzanne sven sylvia tamara tess theo thijs thomas tim tineke tom ton truus ursula
vera vincent wendy wesley wilco wilhelmina willem wilma wim wouter yara yasmin yusuf yvonne zeynep
"""
FIRST_NAMES = frozenset(_FIRST_NAMES.split())

_SURNAMES = """
aarts achterberg ahmed akkerman bakker beekman bekker berends berg bergsma blom boer bos bosch bosman bouman brands brink
broek brouwer bruijn bruin burger claassen coenen cohen dekker dijk dijkstra doorn driessen dubois eijk evers faber gerritsen
goossens graaf groen groot haan hamers heijden hendriks hendriksen hermans heuvel hoek hoekstra hofman huisman hussain jacobs
jansen janssen jong jonge jonker kaya kempen khan klein kok koning koster kramer kroon kuiper kuipers lange leeuw leeuwen
linden loon maas martens meer meijer meyer mohamed molenaar mulder nguyen nijhuis nijland oosterhout peeters peters pieters
postma prins ramdin rietveld roos ruiter sanders scholten schouten singh smeets smit smits snijders stam steen stevens
straten timmermans tuin veen velde verbeek verhoeven vermeer vermeulen vink visscher visser vliet vos vries wal westra
wiersma wijk willems willemsen winter wit witte wolf wolters yilmaz yıldız zijlstra zwart öztürk
"""
SURNAMES = frozenset(_SURNAMES.split())

SURNAME_ENDINGS = (
    "sma",
    "stra",
    "inga",
    "enga",
    "sens",
    "ssen",
    "nsen",
    "rsen",
    "dsen",
    "mans",
    "huizen",
    "kamp",
    "veld",
    "oğlu",
    "oglu",
)
PARTICLES = ("van", "de", "der", "den", "het", "ten", "ter", "te", "el", "al", "la", "von", "in", "'t", "’t")
# After a first name and a particle, these end the name of a street or a building, not of a person.
PLACE_ENDINGS = (
    "straat",
    "laan",
    "weg",
    "plein",
    "kade",
    "gracht",
    "singel",
    "hof",
    "park",
    "school",
    "brug",
    "huis",
    "dreef",
    "pad",
)
