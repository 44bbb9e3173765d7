"""Words that a dateline's place may end in, be or never be."""

AGENCIES = (
    "TASS|ITAR-TASS|ТАСС|ИТАР-ТАСС|RIA Novosti|RIA|РИА Новости|РИА|Interfax(?:\\.ru|-[A-Za-z]+)?"
    "|Интерфакс(?:-[А-Яа-яё]+)?|Xinhua|AP|Associated Press|Reuters|Рейтер|AFP|dpa|Sputnik|Спутник"
    "|Trend|Azernews|AZERTAC|АЗЕРТАДЖ|MENAFN|Report|APA|BelTA|БелТА|MNA|IRNA|ISNA|Tasnim|Fars|Mehr"
    "|KCNA|Yonhap|Kyodo|Jiji|ANSA|EFE|Anadolu|AA|UPI|PTI|ANI|IANS|APP|Bernama|Antara|VNA|Montsame"
    "|Kazinform|Казинформ|КазТАГ|KazTAG|Tengrinews|Kabar|Кабар|AKIpress|24\\.kg|Armenpress"
    "|Арменпресс|Ukrinform|Укринформ|UNIAN|УНИАН|UzA|УзА|Khovar|Ховар|ST|SANA|WAM|KUNA|SPA|QNA|MENA"
    "|Petra|WAFA|Prensa Latina|REGNUM|Росбалт|RBC|РБК|Moldpres|BBC|CNN|DW|RT|PNA|TASR|CTK|PAP|BNS"
    "|LETA|STT|NTB|TT|ANP|Belga|APS|MAP|TAP|ИА [\\w«»]{2,20}"
)
# These mean an agency only in brackets or slashes.
BRACKETED_AGENCIES = (
    "AAP|ABI|AFI|AGI|Adnkronos|Agência Lusa|AGERPRES|AMNA|ANGOP|ANP|APAnews|askanews|ATA|AZƏRTAC"
    "|AzerTAg|BNA|BSS|BTA|CNA|CNS|CNW|CP|ČTK|DHA|DPA-AFX|dpa-AFX|ddp|ENA|EUROPA PRESS|FARS|FENA"
    "|FNA|GNA|HINA|IHA|INA|INS|ITALPRESS|Jiji Press|KNA|KPL|LaPresse|LNA|Lusa|MIA|MTI|NAN|NINA|NNA"
    "|Notimex|ONA|PANA|Pressenza|RSS|SANEWS|SDA|SID|SITA|STA|SUNA|TANJUG|Télam|TNA|UNB|UNI|VOI|awp|epd"
    "|БТА|БЕЛТА|МОНЦАМЭ|Монцамэ|Ховар|НИАТ Ховар|Киодо|Синьхуа|ЦТК|ПАП|МТИ|Анадолу|ИТАР|Прайм"
)

SMALL_AGENCIES = frozenset(("dpa", "epd", "ddp", "askanews", "dpa-afx", "ats", "sda", "apa", "awp"))

_STATES = (
    "Ala Ariz Ark Calif Colo Conn Del Fla Ga Ill Ind Kan Ky La Md Mass Mich Minn Miss Mo Mont Neb"
    " Nev Okla Ore Pa Tenn Tex Vt Va Wash Wis Wyo Ont Que Alta Sask Man"
)
STATES = frozenset(_STATES.split())
WITH_ARTICLE = frozenset(("THE HAGUE", "THE VATICAN", "THE BAHAMAS", "THE GAMBIA"))
_BODIES = (
    "US USA UN EU UK NATO UAE CIA FBI OPEC WHO IMF ООН США ЕС МИД ФСБ МВД МЧС СНГ НАТО ВОЗ МВФ ЦБ"
    " РФ СССР ОАЭ КНР КНДР GMT UTC MSK EST EDT CET МСК AM PM"
)
NO_AGENCY = frozenset(_BODIES.split())
_HEADS = (
    "UPDATE BREAKING WATCH VIDEO PHOTO PHOTOS EXCLUSIVE OPINION ANALYSIS LIVE URGENT ALERT FLASH"
    " NEWS INTERVIEW EXPLAINER FACTBOX SUMMARY COMMENT EDITORIAL CORRECTION CORRECTED ADVISORY"
    " FEATURE SPORT SPORTS FOOTBALL NOTE WARNING READ LISTEN TRANSCRIPT BACKGROUND CONTEXT"
    " REPORT STATEMENT POLL TIMELINE QUESTION ANSWER REVIEW PREVIEW UPDATED JUST TOP WORLD"
    " BUSINESS POLITICS IMPORTANT"
)
NO_PLACE = frozenset(_HEADS.split())
# Before a colon only these are places, and of Russian names before a dash.
_KNOWN = (
    "LONDON|PARIS|BERLIN|MOSCOW|WASHINGTON|NEW YORK|BEIJING|TOKYO|SEOUL|ROME|MADRID|LISBON|VIENNA"
    "|BRUSSELS|GENEVA|ATHENS|ANKARA|ISTANBUL|TEHRAN|BAGHDAD|DAMASCUS|BEIRUT|CAIRO|JERUSALEM"
    "|TEL AVIV|RIYADH|DUBAI|ABU DHABI|DOHA|KUWAIT|KABUL|ISLAMABAD|KARACHI|LAHORE|NEW DELHI|DELHI"
    "|MUMBAI|DHAKA|COLOMBO|KATHMANDU|BANGKOK|HANOI|JAKARTA|MANILA|KUALA LUMPUR|SINGAPORE"
    "|HONG KONG|SHANGHAI|TAIPEI|SYDNEY|CANBERRA|WELLINGTON|OTTAWA|TORONTO|MEXICO CITY|HAVANA"
    "|BOGOTA|LIMA|SANTIAGO|BUENOS AIRES|BRASILIA|CARACAS|NAIROBI|LAGOS|ABUJA|ACCRA|PRETORIA"
    "|JOHANNESBURG|CAPE TOWN|ADDIS ABABA|KHARTOUM|TRIPOLI|TUNIS|ALGIERS|RABAT|KYIV|KIEV|MINSK"
    "|CHISINAU|WARSAW|PRAGUE|BRATISLAVA|BUDAPEST|BUCHAREST|SOFIA|BELGRADE|ZAGREB|SARAJEVO"
    "|STOCKHOLM|OSLO|HELSINKI|COPENHAGEN|REYKJAVIK|DUBLIN|AMSTERDAM|THE HAGUE|RIGA|VILNIUS"
    "|TALLINN|TBILISI|YEREVAN|BAKU|ASTANA|ALMATY|TASHKENT|BISHKEK|DUSHANBE|ASHGABAT|ST. PETERSBURG"
    "|ULAANBAATAR|PYONGYANG|UNITED NATIONS|МОСКВА|САНКТ-ПЕТЕРБУРГ|ЛОНДОН|ПАРИЖ|БЕРЛИН|ВАШИНГТОН"
    "|НЬЮ-ЙОРК|ПЕКИН|ТОКИО|СЕУЛ|РИМ|МАДРИД|ВЕНА|БРЮССЕЛЬ|ЖЕНЕВА|АФИНЫ|АНКАРА|СТАМБУЛ|ТЕГЕРАН|БАГДАД"
    "|ДАМАСК|БЕЙРУТ|КАИР|ИЕРУСАЛИМ|КИЕВ|МИНСК|КИШИНЕВ|КИШИНЁВ|ВАРШАВА|ПРАГА|БУДАПЕШТ|БУХАРЕСТ"
    "|СОФИЯ|БЕЛГРАД|СТОКГОЛЬМ|ОСЛО|ХЕЛЬСИНКИ|КОПЕНГАГЕН|РИГА|ВИЛЬНЮС|ТАЛЛИН|ТБИЛИСИ|ЕРЕВАН|БАКУ"
    "|АСТАНА|АЛМАТЫ|ТАШКЕНТ|БИШКЕК|ДУШАНБЕ|АШХАБАД|ГААГА|НЬЮ-ДЕЛИ|RAMALLAH|AMMAN|MUSCAT|MANAMA|SANAA"
    "|NICOSIA|VALLETTA|LUXEMBOURG|LJUBLJANA|SKOPJE|TIRANA|PODGORICA|PRISTINA|DAKAR|BAMAKO|LUANDA"
    "|KINSHASA|KAMPALA|KIGALI|LUSAKA|HARARE|MAPUTO|MOGADISHU|VATICAN CITY|PHNOM PENH|VIENTIANE"
    "|YANGON|MONTREAL|VANCOUVER|LOS ANGELES|SAN FRANCISCO|CHICAGO|HOUSTON|MIAMI|BOSTON|SAO PAULO"
    "|RIO DE JANEIRO|MUNICH|FRANKFURT|HAMBURG|MILAN|BARCELONA|ZURICH|KOLKATA|CHENNAI|BENGALURU"
    "|GUANGZHOU|OSAKA|MELBOURNE|AUCKLAND|МАНИЛА|ДЖАКАРТА|ХАНОЙ|БАНГКОК|ДОХА|ЭР-РИЯД|ТРИПОЛИ|ТУНИС"
)
KNOWN = frozenset(_KNOWN.split("|"))
