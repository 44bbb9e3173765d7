"""The plurals of Arabic, Persian and Hebrew words, and what Persian appends."""

import re
from functools import cache

from storage.query.words import folding

_ARABIC = re.compile("[\u0621-\u064a\u067e\u0686\u0698\u06af]{3,}")
_HEBREW = re.compile("[\u05d0-\u05ea]{2,}")
_SHORT = 3  # letters of a word to which only the Persian plural is appended
_HA = "ه"
_SHORT_ENDINGS = ("ها", "هاي", "هايي")
_ENDINGS = ("ها", "هاي", "هايي", "ات", "ان", "ين", "ون", "ي")
_ADJECTIVE, _OF_ADJECTIVES = "ي", ("ه", "ين", "ون", "ان", "ات")
_WITH_HA = ("ات", "ت", "ها", "هاي", "هايي", "اي", "ين", "تين")
_FINAL = str.maketrans("םןץףך", "מנצפכ")
_BEFORE = ("", "ה", "ב", "ל", "מ", "ו", "ש")
_SHORTEST_HEBREW, _LONG_HEBREW = 3, 4
_BROKEN = """
وزير وزراء; رئيس رؤساء; مدينة مدن; بيت بيوت; كتاب كتب; دولة دول; جندي جنود; قانون قوانين; سعر أسعار;
ضحية ضحايا; صاروخ صواريخ; خبر أخبار; حرب حروب; ملك ملوك; أمير أمراء; سفير سفراء; عالم علماء;
عامل عمال; طالب طلاب; طفل أطفال; ولد أولاد; رجل رجال; امرأة نساء; شعب شعوب; حزب أحزاب; جيش جيوش;
قائد قادة; زعيم زعماء; خبير خبراء; مدير مدراء; نائب نواب; قاض قضاة; قاضي قضاة; تاجر تجار; كاتب كتاب;
شهيد شهداء; قتيل قتلى; جريح جرحى; مريض مرضى; أسير أسرى; رهينة رهائن; لاجئ لاجئون; مصدر مصادر;
منطقة مناطق; قرية قرى; شارع شوارع; طريق طرق; جسر جسور; مطار مطارات; ميناء موانئ; سفينة سفن;
مدرسة مدارس; مستشفى مستشفيات; بنك بنوك; مصرف مصارف; سوق أسواق; مصنع مصانع; شركة شركات; مشروع مشاريع;
حق حقوق; قرار قرارات; حكم أحكام; سلاح أسلحة; قنبلة قنابل; هدف أهداف; حدث أحداث; سبب أسباب;
يوم أيام; شهر شهور; شهر أشهر; سنة سنوات; عام أعوام; أسبوع أسابيع; صديق أصدقاء; عدو أعداء;
قوة قوات; حد حدود; نهر أنهار; بحر بحار; جبل جبال; جزيرة جزر; أرض أراضي; بلد بلدان; بلد بلاد;
لاعب لاعبون; فريق فرق; صورة صور; رسالة رسائل; وسيلة وسائل; جريدة جرائد; صحيفة صحف; موقع مواقع;
مركز مراكز; مبنى مباني; منزل منازل; خط خطوط; وفد وفود; عقد عقود; ملف ملفات; برنامج برامج;
زلزال زلازل; حريق حرائق; كارثة كوارث; جريمة جرائم; سجن سجون; سجين سجناء; دواء أدوية; مرض أمراض;
تقرير تقارير; مسؤول مسؤولون; وثيقة وثائق; فرد أفراد; عضو أعضاء; مال أموال; عمل أعمال; خطر أخطار;
خطر مخاطر; دبابة دبابات; نظام أنظمة; حكومة حكومات; ضابط ضباط; مقاتل مقاتلون; متظاهر متظاهرون;
كشور كشورها; خبر اخبار; شاعر شعرا; اثر آثار; فكر أفكار; شرط شروط; ضيف ضيوف; نجم نجوم; باب أبواب
"""
"""Arabic words and their plurals of another pattern; Persian has many of them."""


def list_forms(form: str) -> tuple[str, ...]:
    """The plurals of a folded word, and its singular, each as texts may have it."""
    if _HEBREW.fullmatch(form):
        return _hebrew(form)
    return _arabic(form) if _ARABIC.fullmatch(form) else ()


def _hebrew(form: str) -> tuple[str, ...]:
    if len(form) < _SHORTEST_HEBREW:
        plurals = [f"{form}ים"]
    else:
        base = f"{form[:-1]}{form[-1].translate(_FINAL)}"
        if form.endswith("ה"):
            stem = form[:-1]
            plurals = [f"{stem}ות", f"{stem}ת", f"{stem}ים"]
        elif form.endswith("ות"):
            plurals = [f"{form[:-2]}ה", f"{form[:-2]}ת"]
        elif form.endswith("ים"):
            plurals = [form[:-2] if len(form) > _LONG_HEBREW else "", form[:-1]]
        else:
            plurals = [f"{base}ים", f"{base}ות", f"{base}י"]
    found = [f"{before}{one}" for one in plurals if one for before in _BEFORE]
    the = [f"ה{form}"] if len(form) == _SHORTEST_HEBREW else []
    return tuple(dict.fromkeys((*the, *found)))


def _arabic(form: str) -> tuple[str, ...]:
    found = [*_broken().get(form, ())]
    if form.endswith(_HA) and len(form) > _SHORT:
        found += [f"{form[:-1]}{ending}" for ending in _WITH_HA]
        found += [f"{form}{ending}" for ending in _SHORT_ENDINGS]
    elif len(form) == _SHORT:
        found += [f"{form}{ending}" for ending in _SHORT_ENDINGS]
    elif form.endswith(_ADJECTIVE):
        found += [f"{form}{ending}" for ending in (*_OF_ADJECTIVES, *_SHORT_ENDINGS)]
    else:
        found += [f"{form}{ending}" for ending in _ENDINGS]
    return tuple(dict.fromkeys(found))


@cache
def _broken() -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for row in _BROKEN.split(";"):
        one, other = map(folding.fold, row.split())
        found.setdefault(one, {})[other] = None
        found.setdefault(other, {})[one] = None
    return {form: (*others,) for form, others in found.items()}
