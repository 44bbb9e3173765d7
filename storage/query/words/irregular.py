"""English words whose forms no rule makes: a line is a word and its other forms.

A form may stand under several words (``found``, ``axes``), and may be a word itself. Regular forms
are not here, save where the rules would read them wrong.
"""

_VERBS = """
abide abode
agree agreed
arise arose arisen
awake awoke awoken
be am is are was were been being
bear bore borne born
beat beaten
become became
befall befell befallen
beget begot begotten
begin began begun
behold beheld
bend bent
beseech besought
bid bade bidden
bind bound
bite bit bitten
bleed bled
blow blew blown
break broke broken
breed bred
bring brought
build built
burn burnt
buy bought
catch caught
choose chose chosen
cling clung
come came
creep crept
deal dealt
decree decreed
die dying
dig dug
disagree disagreed
do did done does
draw drew drawn
dream dreamt
drink drank drunk
drive drove driven
dwell dwelt
eat ate eaten
eye eyed eying
fall fell fallen
feed fed
feel felt
fight fought
find found
flee fled
fling flung
fly flew flown
focus focussed focusses focussing
forbid forbade forbidden
forecast forecasted
foresee foresaw foreseen
forget forgot forgotten
forgive forgave forgiven
forgo forwent forgone
forsake forsook forsaken
free freed
freeze froze frozen
get got gotten
give gave given
go went gone goes
grind ground
grow grew grown
guarantee guaranteed
hang hung
have has had having
hear heard
hide hid hidden
hold held
keep kept
kneel knelt
know knew known
lay laid
lead led
lean leant
leap leapt
learn learnt
leave left
lend lent
lie lay lain lying
light lit
lose lost
make made
mean meant
meet met
mislead misled
misunderstand misunderstood
mistake mistook mistaken
mow mown
outdo outdid outdone
outgrow outgrew outgrown
overcome overcame
overdo overdid overdone
override overrode overridden
overrun overran
oversee oversaw overseen
overtake overtook overtaken
overthrow overthrew overthrown
panic panicked panicking
partake partook partaken
pay paid
plead pled
prove proven
rebuild rebuilt
remake remade
repay repaid
resell resold
rethink rethought
rewrite rewrote rewritten
ride rode ridden
ring rang rung
rise rose risen
run ran
saw sawn
say said
see saw seen
seek sought
sell sold
send sent
sew sewn
shake shook shaken
shine shone
shoot shot
show shown
shrink shrank shrunk
sing sang sung
sink sank sunk
sit sat
slay slew slain
sleep slept
slide slid
sling slung
smell smelt
sow sown
speak spoke spoken
speed sped
spell spelt
spend spent
spill spilt
spin spun
spit spat
spoil spoilt
spring sprang sprung
stand stood
steal stole stolen
stick stuck
sting stung
stink stank stunk
stride strode stridden
strike struck stricken
string strung
strive strove striven
swear swore sworn
sweep swept
swell swollen
swim swam swum
swing swung
take took taken
teach taught
tear tore torn
tell told
think thought
throw threw thrown
tie tying
traffic trafficked trafficking
tread trod trodden
undergo underwent undergone
understand understood
undertake undertook undertaken
undo undid undone
unite united unites uniting
unwind unwound
uphold upheld
vie vying
wake woke woken
wear wore worn
weave wove woven
weep wept
win won
wind wound
withdraw withdrew withdrawn
withhold withheld
withstand withstood
wring wrung
write wrote written
"""

_NOUNS = """
alumnus alumni
analysis analyses
analyse analyses
antenna antennae
appendix appendices
axis axes
axe axes
bacterium bacteria
basis bases
base bases
bureau bureaux
bus buses busses
cactus cacti
calf calves
chateau chateaux
child children
corps corps
corpus corpora
crisis crises
criterion criteria
curriculum curricula
datum data
diagnosis diagnoses
die dice
dwarf dwarves
elf elves
ellipsis ellipses
embryo embryos
emphasis emphases
focus foci
foot feet
formula formulae
fungus fungi
gas gases gasses
genus genera
goose geese
half halves
hoof hooves
hypothesis hypotheses
index indices
knife knives
larva larvae
leaf leaves
life lives
loaf loaves
louse lice
man men
matrix matrices
medium media
memorandum memoranda
metastasis metastases
momentum momenta
mouse mice
nebula nebulae
neurosis neuroses
nucleus nuclei
oasis oases
ox oxen
paralysis paralyses
parenthesis parentheses
penny pence
person people
phenomenon phenomena
plateau plateaux
prognosis prognoses
quiz quizzes
radius radii
referendum referenda
scarf scarves
self selves
sheaf sheaves
shelf shelves
spectrum spectra
stimulus stimuli
stratum strata
syllabus syllabi
symposium symposia
synopsis synopses
synthesis syntheses
thesis theses
thief thieves
tooth teeth
vertebra vertebrae
vertex vertices
virus viruses
wharf wharves
wife wives
wolf wolves
woman women
"""

_MEN = """
air alder business camera chair clergy congress council country crafts fire fisher fore french
frontier gentle guards gun hang helms herds horse juror lands laws mad marks mid militia news
nobles oars ombuds patrol police post sales service snow spokes sports states strong trades
tribes watch water wood work
"""

_DEGREES = """
good better best
well better best
bad worse worst
badly worse worst
far farther farthest further furthest
little less least
many more most
much more most
"""

# Adjectives that readers compare; the rules leave -er and -est alone (worker, forest).
_COMPARED = """
angry big bitter blind bloody bold brave brief bright broad busy calm cheap clean clear close
cold cool costly crude cruel dark deadly dear deep dense dirty dry early easy faint fair fast
few fierce fine firm fit flat fresh friendly full funny great green grim happy hard harsh
healthy heavy high hot huge hungry keen large late lazy light likely lonely long loose loud low
lucky mad mild muddy narrow near neat new nice noisy odd old pale plain poor pretty proud
quick quiet rare raw ready rich risky rough rude sad safe severe shallow sharp short sick simple
slight slim slow small smart smooth soft sour steady steep stiff strange strict strong stupid
sweet swift tall thick thin tight tiny tough ugly vast warm wary weak wealthy wet wide wild wise
worthy young
"""

# Forms above that are words too, with forms of their own or none.
_WORDS_THEMSELVES = """
abode being bit bore born bound broke cleaner closer cooler data dice drunk fell felt found
further ground lay left less lighter lit lives lost lower media men met more most people
pence rose saw shot smelt spat spoke stole stranger stricken thought tore wound wove
"""

_VOWELS = "aeiou"


def list_forms() -> dict[str, tuple[str, ...]]:
    """Form → the words it is a form of."""
    forms: dict[str, list[str]] = {}
    for line in filter(None, (_VERBS + _NOUNS + _DEGREES).splitlines()):
        word, *others = line.split()
        for other in others:
            forms.setdefault(other, []).append(word)
    for start in _MEN.split():
        forms.setdefault(f"{start}men", []).append(f"{start}man")
        forms.setdefault(f"{start}women", []).append(f"{start}woman")
    for word in _COMPARED.split():
        for ending in ("er", "est"):
            forms.setdefault(_compare(word, ending), []).append(word)
    return {form: tuple(words) for form, words in forms.items()}


def list_words_themselves() -> frozenset[str]:
    """The forms of ``list_forms`` that are words too."""
    return frozenset(_WORDS_THEMSELVES.split())


def _compare(word: str, ending: str) -> str:
    if word.endswith("e"):
        return word + ending[1:]
    if word.endswith("y") and word[-2] not in _VOWELS:
        return f"{word[:-1]}i{ending}"
    if len(word) == 3 and word[-2] in _VOWELS and word[-1] not in "wxy" + _VOWELS:
        return word + word[-1] + ending
    if word in {"slim", "grim"}:
        return word + word[-1] + ending
    return word + ending
