"""Pairs of invented posts with what a reader of both must see, in ten languages and many shapes.

A base text, and the part of it that another post says otherwise: ``""`` and words where it adds
them at the end, words and ``""`` where it leaves them out.
"""

Change = tuple[str, str, str]


def pair(change: Change) -> tuple[str, str]:
    """The base and the other post."""
    base, said, otherwise = change
    return base, base.replace(said, otherwise) if said else f"{base}{otherwise}"


WILL = "Foreign Minister Ilva Torn will attend the talks in Kesselby on Tuesday, her office said."
DEAD = (
    "Обрушение моста в Залесске: погибли 3 человека, ещё 14 пострадали, сообщили в МЧС Озёрного "
    "края. На месте работают спасатели."
)
DENIAL = (
    "Міністерство енергетики Ровії заявило, що станція «Вільха» працює у звичайному режимі та "
    "жодного аварійного вимкнення не було."
)
TREATY = (
    "Die Regierung von Nordhafen unterzeichnet am Montag das Abkommen über den Hafen von Brulm, "
    "teilte Sprecherin Jonna Feld mit."
)
VISIT = (
    "La ministre des Transports, Odile Vauclerc, se rendra mercredi à Brévanne pour inaugurer "
    "la nouvelle ligne de tramway."
)
STRIKE = (
    "El sindicato de pilotos de Aeromarta suspende la huelga del viernes tras un acuerdo con la "
    "empresa en Villarrosa."
)
ARABIC = (
    "أعلنت وزارة الصحة في جزيرة نوران تسجيل 12 إصابة جديدة بالحمى خلال الساعات الماضية في "
    "مدينة سلوان."
)
CHINESE = "青湖市政府周三宣布，新大桥将于五月十日通车，预计每天有两万辆车通过。"
PERSIAN = "وزیر راه کوهسار گفت جاده تارند روز سه‌شنبه برای تعمیر بسته می‌شود و دو هفته بسته می‌ماند."
TURKISH = (
    "Karadere Belediyesi, Işıkova barajının pazartesi günü açılacağını ve 4 köyün sular "
    "altında kalmayacağını açıkladı."
)
CALL = (
    "📞 Foreign Minister Ilva Torn held a telephone conversation with the Foreign Minister of "
    "Norrland. The sides discussed bilateral cooperation and preparations for the summit."
)
RU_CALL = (
    "☎️ Состоялся телефонный разговор министра иностранных дел Ровии Т.К.Ольхова с министром "
    "иностранных дел Нордландии. Стороны обсудили двустороннее сотрудничество."
)
RATES = (
    "Курс кроны Маркландии на 14 марта: доллар 71,20, евро 78,45, юань 9,83. Данные Центробанка."
)
BRIEF = (
    "Briefing of the spokesperson, Kesselby, 4 March 2027. Part 1 of 2. On the events in Brulm "
    "harbour."
)
FLIGHT = (
    "Flight NA 204 from Kesselby to Brulm is delayed until 16:40, Marby Airport says in its "
    "schedule."
)
DUTCH_STYLE = (
    "The harbour of Brulm handled 412,000 tonnes in February. Exports of timber grew by 3.5 per "
    "cent, imports fell by 0.8 per cent. The port authority expects a quiet spring."
)
LONG = (
    "The parliament of Markland passed the budget after nine hours of debate. Spending on "
    "hospitals grows by a tenth, spending on roads stays as it is. Prime Minister Edda Skov called "
    "the vote a relief. The opposition announced that it would go to the constitutional court. "
    "Analysts in Kesselby expect the crown to remain stable. The budget takes effect in July."
)
LONG_RU = (
    "Парламент Маркландии принял бюджет после девяти часов прений. Расходы на больницы вырастут на "
    "десятую часть, расходы на дороги не изменятся. Премьер-министр Эдда Сков назвала голосование "
    "облегчением. Оппозиция объявила, что пойдёт в конституционный суд. Бюджет "
    "вступит в силу в июле."
)
QUAKE = (
    "Землетрясение магнитудой 4,8 произошло в 30 км к северу от Тарнграда, жертв и разрушений нет."
)
ALERT = (
    "Увага! Повітряна тривога в Залізнянському районі. Пройдіть до укриття та не ігноруйте сигнал."
)
POLL = "Should the ferry to Olda run at night?\nYes, every night\nOnly at weekends\nNo, never"
ALBUM = (
    "In pictures: the regatta of Brulm on Saturday, with crews from Olda, Marby and Kesselby "
    "on the quay."
)
LINKED = (
    "Read the full text of the agreement on Brulm harbour here: "
    "https://gov.markland.example/texts/114"
)

TURNS: tuple[Change, ...] = (
    (WILL, "will attend", "will not attend"),
    (WILL, "will attend", "won't attend"),
    (WILL, "will attend", "may attend"),
    (WILL, "will attend", "refuses to attend"),
    (WILL, "Tuesday, her office said.", "Tuesday?"),
    (WILL, "her office said", "her office denied"),
    (WILL, "her office said.", "her office said. This report is false."),
    (WILL, "Foreign Minister", "DENIED: Foreign Minister"),
    (WILL, "Foreign Minister", "CORRECTION: Foreign Minister"),
    (WILL, "Foreign Minister", "Reportedly, Foreign Minister"),
    (DEAD, "погибли", "не погибли"),
    (DEAD, "3 человека", "30 человек"),
    (DEAD, "сообщили в МЧС Озёрного края", "сообщили в МЧС Озёрного края?"),
    (DEAD, "Обрушение", "Опровержение. Обрушение"),
    (QUAKE, "к северу", "к югу"),
    (DUTCH_STYLE, "grew", "shrank"),
    (LONG, "passed", "rejected"),
    (LONG_RU, "принял", "отклонил"),
    (LONG_RU, "Парламент", "Вчерашнее сообщение было ошибкой.\nПарламент"),
)
"""Each of the two tells something else than the other, also to who wants one message for it all."""

TALKS = "Foreign Minister Ilva Torn will attend the talks in Kesselby on Tuesday."
ALARM = "Воздушная тревога в Залесском районе, всем пройти в укрытие немедленно."
DE = "Ministerin Ilva Torn kommt am Dienstag nach Kesselby zu den Gesprächen."
FR = "La ministre Ilva Torn se rendra mardi à Kesselby."
ES = "La ministra Ilva Torn viajará el martes a Kesselby."
TR = "Bakan Ilva Torn salı günü Kesselby kentine gidecek."
AR = "وزيرة الخارجية تزور مدينة كيسلبي يوم الثلاثاء."
FA = "وزیر راه روز سه شنبه به تارند سفر می‌کند."
UK = "Міністерка Ілва Торн прибуде до Кесельбі у вівторок."

TURNED: tuple[tuple[str, str, str], ...] = (
    ("This is a drill.", TALKS, ""),
    ("True or false?", TALKS, ""),
    ("On this day in 1987.", TALKS, ""),
    ("From the archive.", TALKS, ""),
    ("A year ago we wrote.", TALKS, ""),
    ("Joke of the day.", TALKS, ""),
    ("What the enemy writes.", TALKS, ""),
    ("", TALKS, "That was the plan. It is off."),
    ("", TALKS, "It did not happen."),
    ("", TALKS, "Not true."),
    ("", TALKS, "She later said she would not."),
    ("", TALKS, "The office has since apologised for the error."),
    ("", TALKS, "The minister lied."),
    ("Учебная тревога!", ALARM, ""),
    ("Правда ли это?", ALARM, ""),
    ("Вражеские каналы пишут.", ALARM, ""),
    ("Вброс.", ALARM, ""),
    ("", ALARM, "Это неправда."),
    ("", ALARM, "Тревога ложная."),
    ("", ALARM, "Отбой."),
    ("Diese Meldung ist erfunden.", DE, ""),
    ("Falschmeldung!", DE, ""),
    ("", DE, "Das Ministerium dementiert."),
    ("Faux !", FR, ""),
    ("", FR, "Son cabinet dément."),
    ("", FR, "Elle n'y sera pas."),
    ("Bulo: circula esto.", ES, ""),
    ("", ES, "El gobierno lo desmiente."),
    ("İddia doğru değil.", TR, ""),
    ("", TR, "Bakanlık yalanladı."),
    ("شائعة غير صحيحة.", AR, ""),
    ("", AR, "الوزارة تنفي ذلك."),
    ("این خبر تکذیب شد.", FA, ""),
    ("", UK, "Відомство це спростовує."),
    ("", UK, "Візит скасовано."),
)
"""What stands above and below a text turns it round: the text alone is no cut copy of all this."""

OTHERS: tuple[Change, ...] = (
    # negations, opposites, hedges, questions
    (WILL, "will attend", "will not attend"),
    (WILL, "will attend", "won't attend"),
    (WILL, "will attend", "may attend"),
    (WILL, "will attend", "would attend"),
    (WILL, "will attend", "attended"),
    (WILL, "will attend", "refuses to attend"),
    (WILL, "will attend", "will boycott"),
    (WILL, "will attend", "will only attend"),
    (WILL, "Tuesday, her office said.", "Tuesday?"),
    (WILL, "her office said", "her office denied"),
    (WILL, "her office said", "her opponents said"),
    (WILL, "her office said.", "her office said. This report is false."),
    (WILL, "Tuesday", "Thursday"),
    (WILL, "Kesselby", "Kesselbyn"),
    (WILL, "Ilva Torn", "Ivar Torn"),
    (WILL, "Ilva Torn", "Ilva Thorn"),
    (WILL, "Foreign", "Former Foreign"),
    (WILL, "talks", "peace talks"),
    (WILL, "Foreign Minister", "Deputy Foreign Minister"),
    (WILL, "on Tuesday", "on Tuesday by video"),
    (WILL, "Foreign Minister", "DENIED: Foreign Minister"),
    (WILL, "Foreign Minister", "CORRECTION: Foreign Minister"),
    (WILL, "Foreign Minister", "Fake: Foreign Minister"),
    (WILL, "Foreign Minister", "Reportedly, Foreign Minister"),
    (WILL, "Foreign Minister", "No, Foreign Minister"),
    (WILL, "Foreign Minister", "Confirmed: Foreign Minister"),
    (WILL, "Foreign Minister", "Why Foreign Minister"),
    # figures
    (DEAD, "3 человека", "30 человек"),
    (DEAD, "3 человека", "4 человека"),
    (DEAD, "3 человека", "не менее 3 человек"),
    (DEAD, "3 человека", "до 3 человек"),
    (DEAD, "14 пострадали", "14 пропали"),
    (DEAD, "ещё 14", "ещё 41"),
    (DEAD, "погибли", "не погибли"),
    (DEAD, "Залесске", "Залужске"),
    (DEAD, "Озёрного", "Горного"),
    (DEAD, "сообщили", "не подтвердили"),
    (DEAD, "На месте работают спасатели.", "Спасатели завершили работы."),
    (DEAD, "", " Уточнение: погибших нет."),
    (DEAD, "Обрушение", "Опровержение. Обрушение"),
    (DEAD, "сообщили в МЧС Озёрного края", "сообщили в МЧС Озёрного края?"),
    (QUAKE, "4,8", "5,8"),
    (QUAKE, "4,8", "48"),
    (QUAKE, "30 км", "300 км"),
    (QUAKE, "к северу", "к югу"),
    (QUAKE, "жертв и разрушений нет", "есть жертвы и разрушения"),
    (QUAKE, "жертв и разрушений нет", "жертв нет, разрушения есть"),
    (QUAKE, "произошло", "ожидается"),
    (RATES, "71,20", "72,10"),
    (RATES, "14 марта", "15 марта"),
    (RATES, "доллар 71,20, евро 78,45", "евро 71,20, доллар 78,45"),
    (RATES, "9,83", "−9,83"),
    (DUTCH_STYLE, "412,000", "421,000"),
    (DUTCH_STYLE, "412,000", "412"),
    (DUTCH_STYLE, "3.5", "35"),
    (DUTCH_STYLE, "grew", "shrank"),
    (DUTCH_STYLE, "February", "January"),
    (DUTCH_STYLE, "imports fell", "imports rose"),
    (DUTCH_STYLE, "timber", "coal"),
    (DUTCH_STYLE, "per cent, imports", "percentage points, imports"),
    (DUTCH_STYLE, "tonnes", "containers"),
    # the same template
    (CALL, "Norrland", "Sudmark"),
    (CALL, "a telephone conversation with", "talks with"),
    (CALL, "Foreign Minister of Norrland", "Prime Minister of Norrland"),
    (CALL, "held", "will hold"),
    (CALL, "", " The conversation took place at the initiative of Norrland."),
    (CALL, "bilateral cooperation", "a prisoner exchange"),
    (RU_CALL, "Нордландии", "Маркландии"),
    (RU_CALL, "Состоялся", "Не состоялся"),
    (RU_CALL, "Т.К.Ольхова", "Т.К.Ольховой"),
    (RU_CALL, "министром иностранных дел Нордландии", "послом Нордландии"),
    (RU_CALL, "телефонный разговор", "обмен письмами"),
    (RU_CALL, "двустороннее сотрудничество", "разрыв отношений"),
    (BRIEF, "Part 1 of 2", "Part 2 of 2"),
    (BRIEF, "4 March", "11 March"),
    (BRIEF, "2027", "2026"),
    (BRIEF, "On the events", "On new events"),
    (BRIEF, "Brulm harbour", "Olda harbour"),
    (FLIGHT, "16:40", "18:40"),
    (FLIGHT, "NA 204", "NA 240"),
    (FLIGHT, "from Kesselby to Brulm", "from Brulm to Kesselby"),
    (FLIGHT, "delayed until 16:40", "cancelled"),
    # other languages
    (DENIAL, "працює", "не працює"),
    (DENIAL, "не було", "було"),
    (DENIAL, "«Вільха»", "«Верба»"),
    (DENIAL, "заявило", "спростувало"),
    (DENIAL, "Ровії", "Норії"),
    (ALERT, "Повітряна тривога", "Відбій повітряної тривоги"),
    (ALERT, "Залізнянському", "Заозерському"),
    (ALERT, "Увага!", "Навчальна тривога!"),
    (TREATY, "unterzeichnet", "unterzeichnet nicht"),
    (TREATY, "unterzeichnet", "kündigt"),
    (TREATY, "Montag", "Sonntag"),
    (TREATY, "das Abkommen", "kein Abkommen"),
    (TREATY, "teilte", "Angeblich, teilte"),
    (TREATY, "Brulm", "Bruhlm"),
    (VISIT, "se rendra", "ne se rendra pas"),
    (VISIT, "mercredi", "mardi"),
    (VISIT, "nouvelle", "ancienne"),
    (VISIT, "inaugurer", "fermer"),
    (VISIT, "Odile", "Odette"),
    (VISIT, "La ministre", "L'ancienne ministre"),
    (STRIKE, "suspende", "no suspende"),
    (STRIKE, "viernes", "jueves"),
    (STRIKE, "tras un acuerdo", "sin acuerdo"),
    (STRIKE, "suspende", "anuncia"),
    (STRIKE, "pilotos", "azafatas"),
    (STRIKE, "Villarrosa.", "Villarrosa?"),
    (ARABIC, "12", "120"),
    (ARABIC, "12", "١٣"),
    (ARABIC, "أعلنت", "نفت"),
    (ARABIC, "سلوان", "رضوان"),
    (ARABIC, "إصابة", "وفاة"),
    (ARABIC, "سلوان.", "سلوان؟"),
    (CHINESE, "通过。", "通过？"),
    (CHINESE, "五月十日", "六月十日"),
    (CHINESE, "将于", "不会于"),
    (CHINESE, "两万", "三万"),
    (CHINESE, "青湖市", "白湖市"),
    (CHINESE, "周三", "周二"),
    (CHINESE, "通车", "关闭"),
    (PERSIAN, "می‌شود", "نمی‌شود"),
    (PERSIAN, "سه‌شنبه", "شنبه"),
    (PERSIAN, "دو هفته", "سه هفته"),
    (PERSIAN, "تعمیر", "همیشه"),
    (TURKISH, "kalmayacağını", "kalacağını"),
    (TURKISH, "pazartesi", "cumartesi"),
    (TURKISH, "4 köyün", "14 köyün"),
    (TURKISH, "açıkladı", "yalanladı"),
    (TURKISH, "Işıkova", "Işıkovası"),
    # late, long, lists
    (LONG, "July", "June"),
    (LONG, "remain stable", "fall"),
    (LONG, "a relief", "a defeat"),
    (LONG, "would go", "would not go"),
    (LONG, "passed", "rejected"),
    (LONG, "", " The president refused to sign it."),
    (
        LONG,
        "hospitals grows by a tenth, spending on roads",
        "roads grows by a tenth, spending on hospitals",
    ),
    (
        LONG,
        "The opposition announced that it would go to the constitutional court. ",
        "The opposition left the hall. ",
    ),
    (LONG_RU, "в июле", "в июне"),
    (LONG_RU, "пойдёт", "не пойдёт"),
    (LONG_RU, "принял", "отклонил"),
    (LONG_RU, "назвала голосование облегчением", "назвала голосование позором"),
    (LONG_RU, "", " Президент отказался его подписать."),
    (
        LONG_RU,
        "больницы вырастут на десятую часть, расходы на дороги не изменятся",
        "дороги вырастут на десятую часть, расходы на больницы не изменятся",
    ),
    (POLL, "at night", "in winter"),
    (POLL, "No, never", "No, not yet"),
    (POLL, "Only at weekends\n", ""),
    (ALBUM, "Saturday", "Sunday"),
    (ALBUM, "Olda, Marby and Kesselby", "Olda, Marby and Tarn"),
    (LINKED, "114", "115"),
    (LINKED, "full text of the agreement", "draft of the agreement"),
    # a comment on what is passed on
    (WILL, "Foreign Minister", "We do not believe this: Foreign Minister"),
    (LONG, "The parliament", "Our correction to yesterday's report.\nThe parliament"),
    (LONG_RU, "Парламент", "Вчерашнее сообщение было ошибкой.\nПарламент"),
    (WILL, "", "\n\nUPD: the visit is off."),
    (WILL, "", " (archive, 2019)"),
    (WILL, "Foreign Minister", "Two years ago today: Foreign Minister"),
)
"""Each says something that the base does not, or otherwise: it must reach the reader."""

SAME: tuple[Change, ...] = (
    (WILL, "Foreign", "❗️Foreign"),
    (WILL, "Foreign", "BREAKING: Foreign"),
    (WILL, "Foreign", "⚡️⚡️ Foreign"),
    (WILL, ", her office", " — her office"),
    (WILL, "said.", "said"),
    (WILL, "Tuesday, her", "Tuesday,\u00a0her"),
    (WILL, "Foreign Minister Ilva Torn", "FOREIGN MINISTER ILVA TORN"),
    (DEAD, "ещё", "еще"),
    (DEAD, "Обрушение", "СРОЧНО. Обрушение"),
    (DEAD, "Обрушение", "⚡️Обрушение"),
    (DEAD, " На месте работают спасатели.", ""),
    (DEAD, "Озёрного", "Озерного"),
    (DENIAL, "«Вільха»", '"Вільха"'),
    (DENIAL, "Міністерство", "❗Міністерство"),
    (DENIAL, "що станція", "що  станція"),
    (TREATY, "unterzeichnet", "unterzeichnet\u200b"),
    (TREATY, "Die", "🔴 Die"),
    (TREATY, "über", "u\u0308ber"),
    (VISIT, "La ministre", "🇫🇷 La ministre"),
    (VISIT, "à Brévanne", "a\u0300 Bre\u0301vanne"),
    (STRIKE, "Villarrosa.", "Villarrosa"),
    (STRIKE, "tras", "tras\n"),
    (ARABIC, "أعلنت", "🔴 أعلنت"),
    (ARABIC, "سلوان.", "سلوان"),
    (ARABIC, "أعلنت", "\u200fأعلنت"),
    (PERSIAN, "می‌ماند.", "می‌ماند"),
    (PERSIAN, "وزیر", "📌 وزیر"),
    (TURKISH, "Karadere", "📢 Karadere"),
    (LONG, " The budget takes effect in July.", ""),
    (
        LONG,
        ". Analysts in Kesselby expect the crown to remain stable. The budget takes "
        "effect in July.",
        ".",
    ),
    (LONG, ". ", ".\n\n"),
    (LONG_RU, "Премьер-министр", "Премьер–министр"),
    (LONG_RU, " Бюджет вступит в силу в июле.", ""),
    (LONG_RU, "принял бюджет", "принял\u00a0бюджет"),
    (DUTCH_STYLE, "harbour", "harbor"),
    (DUTCH_STYLE, "per cent, imports", "per cent; imports"),
    (CALL, "📞 ", ""),
    (RU_CALL, "☎️ ", ""),
    (RU_CALL, "Т.К.Ольхова", "Т. К. Ольхова"),
    (QUAKE, "4,8", "4.8"),
    (QUAKE, "30 км", "30\u00a0км"),
    (ALBUM, "In pictures:", "📷 In pictures:"),
    (POLL, "Should", "📊 Should"),
)
"""Each says what the base says and nothing else: a message for it would be one too many."""
