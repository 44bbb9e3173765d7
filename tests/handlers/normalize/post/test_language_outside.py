"""Languages outside the set give none: they are not taken for a neighbour."""

import pytest

from handlers.normalize.post import language

_TEXTS = {
    "Hungarian": (
        "A miniszter ma reggel megérkezett a kikötőbe, és találkozott a halászokkal",
        "A nagykövetség közölte, hogy az új szabályok májusban lépnek életbe",
        "A hajó holnap indul, mondta a szóvivő",
    ),
    "Azerbaijani": (
        "Nazir bu səhər limana gəldi və balıqçılarla görüşdü",
        "Səfirlik bildirib ki, yeni qaydalar may ayında qüvvəyə minəcək",
        "Gəmi sabah yola düşəcək, deyə sözçü bildirib",
    ),
    "Finnish": (
        "Ministeri saapui satamaan tänä aamuna ja tapasi kalastajia",
        "Suurlähetystö ilmoitti, että uudet säännöt tulevat voimaan toukokuussa",
        "Laiva lähtee huomenna, tiedottaja sanoi",
    ),
    "Estonian": (
        "Minister saabus täna hommikul sadamasse ja kohtus kaluritega",
        "Saatkond teatas, et uued reeglid hakkavad kehtima mais",
        "Laev väljub homme, ütles pressiesindaja",
    ),
    "Latvian": (
        "Ministrs šorīt ieradās ostā un tikās ar zvejniekiem",
        "Vēstniecība paziņoja, ka jaunie noteikumi stāsies spēkā maijā",
        "Kuģis izbrauks rīt, sacīja pārstāvis",
    ),
    "Lithuanian": (
        "Ministras šį rytą atvyko į uostą ir susitiko su žvejais",
        "Ambasada pranešė, kad naujosios taisyklės įsigalios gegužę",
        "Laivas išplauks rytoj, sakė atstovas",
    ),
    "Slovak": (
        "Minister dnes ráno pricestoval do prístavu a stretol sa s rybármi",
        "Veľvyslanectvo oznámilo, že nové pravidlá začnú platiť v máji",
        "Loď vypláva zajtra, povedal hovorca",
    ),
    "Slovene": (
        "Minister je danes zjutraj prispel v pristanišče in se srečal z ribiči",
        "Veleposlaništvo je sporočilo, da bodo nova pravila začela veljati maja",
        "Ladja bo odplula jutri, je povedal tiskovni predstavnik",
    ),
    "Danish": (
        "Ministeren ankom til havnen i morges og mødtes med fiskerne",
        "Ambassaden oplyste, at de nye regler træder i kraft i maj",
        "Skibet sejler i morgen, sagde talsmanden",
    ),
    "Norwegian": (
        "Ministeren kom til havnen i dag tidlig og møtte fiskerne",
        "Ambassaden opplyste at de nye reglene trer i kraft i mai",
        "Skipet går i morgen, sa talsmannen",
    ),
    "Icelandic": (
        "Ráðherrann kom til hafnarinnar í morgun og hitti sjómenn",
        "Sendiráðið tilkynnti að nýju reglurnar taki gildi í maí",
        "Skipið siglir á morgun, sagði talsmaðurinn",
    ),
    "Catalan": (
        "El ministre ha arribat al port aquest matí i s'ha reunit amb els pescadors",
        "L'ambaixada ha anunciat que les noves normes entraran en vigor al maig",
        "El vaixell sortirà demà, va dir el portaveu",
    ),
    "Basque": (
        "Ministroa gaur goizean iritsi da portura eta arrantzaleekin bildu da",
        "Enbaxadak jakinarazi du arau berriak maiatzean sartuko direla indarrean",
        "Itsasontzia bihar aterako da, esan zuen bozeramaileak",
    ),
    "Albanian": (
        "Ministri mbërriti në port këtë mëngjes dhe u takua me peshkatarët",
        "Ambasada njoftoi se rregullat e reja hyjnë në fuqi në maj",
        "Anija niset nesër, tha zëdhënësi",
    ),
    "Vietnamese": (
        "Bộ trưởng đã đến cảng sáng nay và gặp gỡ ngư dân",
        "Đại sứ quán thông báo các quy định mới có hiệu lực vào tháng năm",
        "Con tàu sẽ rời bến vào ngày mai, người phát ngôn cho biết",
    ),
    "Indonesian": (
        "Menteri tiba di pelabuhan pagi ini dan bertemu dengan para nelayan",
        "Kedutaan mengumumkan bahwa aturan baru berlaku mulai bulan Mei",
        "Kapal akan berangkat besok, kata juru bicara",
    ),
    "Swahili": (
        "Waziri aliwasili bandarini asubuhi ya leo na kukutana na wavuvi",
        "Ubalozi ulitangaza kwamba kanuni mpya zitaanza kutumika mwezi Mei",
        "Meli itaondoka kesho, alisema msemaji",
    ),
    "Tagalog": (
        "Dumating ang ministro sa daungan kaninang umaga at nakipagpulong sa mga mangingisda",
        "Inihayag ng embahada na magkakabisa ang bagong patakaran sa Mayo",
        "Aalis ang barko bukas, sabi ng tagapagsalita",
    ),
    "Uzbek": (
        "Vazir bugun ertalab portga keldi va baliqchilar bilan uchrashdi",
        "Elchixona yangi qoidalar may oyida kuchga kirishini ma'lum qildi",
        "Kema ertaga yo'lga chiqadi, dedi vakil",
    ),
    "Uzbek in Cyrillic": (
        "Вазир бугун эрталаб портга келди ва балиқчилар билан учрашди",
        "Элчихона янги қоидалар май ойида кучга киришини маълум қилди",
        "Кема эртага йўлга чиқади, деди вакил",
    ),
    "Kyrgyz": (
        "Министр бүгүн эртең менен портко келип, балыкчылар менен жолукту",
        "Элчилик жаңы эрежелер майда күчүнө кирерин билдирди",
        "Кеме эртең жөнөйт, деди өкүл",
    ),
    "Tajik": (
        "Вазир субҳи имрӯз ба бандар омад ва бо моҳигирон мулоқот кард",
        "Сафорат хабар дод, ки қоидаҳои нав аз моҳи май эътибор пайдо мекунанд",
        "Киштӣ пагоҳ ҳаракат мекунад, гуфт сухангӯ",
    ),
    "Tatar": (
        "Министр бүген иртән портка килде һәм балыкчылар белән очрашты",
        "Илчелек яңа кагыйдәләр май аенда гамәлгә керәчәген хәбәр итте",
        "Кораб иртәгә юлга чыга, диде вәкил",
    ),
    "Mongolian": (
        "Сайд өнөө өглөө боомтод ирж загасчидтай уулзлаа",
        "Элчин сайдын яам шинэ журам тавдугаар сард хэрэгжинэ гэж мэдэгдэв",
        "Хөлөг онгоц маргааш хөдөлнө гэж төлөөлөгч хэлэв",
    ),
    "Urdu": (
        "وزیر آج صبح بندرگاہ پہنچے اور ماہی گیروں سے ملاقات کی",
        "سفارت خانے نے اعلان کیا کہ نئے قواعد مئی میں نافذ ہوں گے",
        "ترجمان نے کہا کہ جہاز کل روانہ ہو گا",
    ),
    "Pashto": (
        "وزیر نن سهار بندر ته ورسېد او له کب نیوونکو سره یې ولیدل",
        "سفارت وویل چې نوي مقررات به د مې په میاشت کې پلي شي",
        "بېړۍ به سبا حرکت وکړي، ویاند وویل",
    ),
    "Sorani": (
        "وەزیر ئەمڕۆ بەیانی گەیشتە بەندەرەکە و چاوی بە ماسیگران کەوت",
        "باڵیۆزخانە ڕایگەیاند کە ڕێسا نوێیەکان لە مانگی ئایار جێبەجێ دەکرێن",
        "وتەبێژ گوتی کەشتییەکە سبەینێ دەڕوات",
    ),
    "Kurmanji": (
        "Wezîr îro sibehê gihîşt benderê û bi masîvanan re civiya",
        "Balyozxaneyê ragihand ku rêzikên nû di meha gulanê de dikevin meriyetê",
        "Keştî dê sibê derkeve, berdevk got",
    ),
    "Marathi": (
        "मंत्री आज सकाळी बंदरात पोहोचले आणि मच्छिमारांना भेटले",
        "दूतावासाने सांगितले की नवीन नियम मे महिन्यात लागू होतील",
        "जहाज उद्या निघेल असे प्रवक्त्याने सांगितले",
    ),
    "Nepali": (
        "मन्त्री आज बिहान बन्दरगाह पुग्नुभयो र माछा मार्नेहरूलाई भेट्नुभयो",
        "दूतावासले नयाँ नियम मे महिनामा लागू हुने जनाएको छ",
        "जहाज भोलि छुट्ने प्रवक्ताले बताउनुभयो",
    ),
    "Bengali": (
        "মন্ত্রী আজ সকালে বন্দরে পৌঁছে জেলেদের সঙ্গে দেখা করেন",
        "দূতাবাস জানিয়েছে নতুন নিয়ম মে মাসে কার্যকর হবে",
        "মুখপাত্র বলেন জাহাজ আগামীকাল ছাড়বে",
    ),
    "Thai": (
        "รัฐมนตรีเดินทางมาถึงท่าเรือเช้าวันนี้และพบกับชาวประมง",
        "สถานทูตประกาศว่ากฎใหม่จะมีผลบังคับใช้ในเดือนพฤษภาคม",
        "โฆษกกล่าวว่าเรือจะออกเดินทางพรุ่งนี้",
    ),
    "Galician": (
        "O ministro chegou ao porto esta mañá e reuniuse cos mariñeiros",
        "A embaixada anunciou que as novas normas entrarán en vigor en maio",
        "O barco sairá mañá, dixo a voceira",
    ),
    "Croatian": (
        "Ministar je jutros stigao u luku i sastao se s ribarima",
        "Veleposlanstvo je priopćilo da nova pravila stupaju na snagu u svibnju",
        "Brod će isploviti sutra, rekao je glasnogovornik",
    ),
    "Afrikaans": (
        "Die minister het vanoggend by die hawe aangekom en met vissers gepraat",
        "Die ambassade het aangekondig dat die nuwe reëls in Mei in werking tree",
        "Die skip vertrek môre, het die woordvoerder gesê",
    ),
    "Bashkir": (
        "Министр бөгөн иртән портҡа килде һәм балыҡсылар менән осрашты",
        "Илселек яңы ҡағиҙәләр май айында ғәмәлгә инәсәген хәбәр итте",
    ),
    "Chuvash": (
        "Министр паян ирхине порта килнӗ тата пулӑҫӑсемпе тӗл пулнӑ",
        "Элчӗлӗх ҫӗнӗ йӗркесем ҫу уйӑхӗнче вӑя кӗрессине пӗлтернӗ",
    ),
}


@pytest.mark.parametrize("name", _TEXTS)
def test_a_language_outside_the_set_has_no_code(name: str) -> None:
    assert [language.identify(text) for text in _TEXTS[name]] == [None] * len(_TEXTS[name])


@pytest.mark.parametrize("name", _TEXTS)
def test_a_longer_text_of_it_has_none_either(name: str) -> None:
    assert language.identify(". ".join(_TEXTS[name]) + ".") is None
