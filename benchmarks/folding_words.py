"""Sentences in which a few words decide, and what stands around them: what folding is tried with.

Each sentence holds one place ``[this|that]``: said the one way it is other news than said the
other. Names are invented.
"""

SENTENCES = {
    "en": {
        "number": """
The flood has damaged [312|321] houses along the lower river.
Rescuers have pulled [four|fourteen] people out of the collapsed hall.
The strike will cost the port [12|120] million crowns a week.
The road is closed over [1,200|12,000] metres after the landslide.
""",
        "sign": """
The thermometer at the pass showed [−7|+7] degrees at dawn.
The balance of the budget stood at [-3.2|3.2] percent in the spring.
The shares of the yard closed at [+4|−4] percent on the exchange.
The level in the basin changed by [− 12|12] centimetres in a day.
""",
        "decimal point": """
Inflation slowed to [4.5|45] percent in the third quarter.
The quake had a magnitude of [5.1|51] according to the first reading.
The reservoir leaks [0.8|8] cubic metres of water an hour.
The mine sold [1,250|1.250] tonnes of ore in the past month.
""",
        "unit": """
The pipeline lost 40 [litres|barrels] of oil before it was shut.
The fire covers 300 [acres|hectares] of forest near the lake.
The truce holds for 72 [hours|days] from the moment of signing.
A blast of four [kilotons|megatons] was measured by the station.
The tax rises by 3 [%|‰] on the first of the month.
""",
        "currency": """
The state sold the lighthouse for 90 million [euros|crowns] last night.
The fine of [$500|€500] must be paid within a week.
A ticket to the island costs [₺90|₹90] from now on.
The loan was given in [dollars|roubles] and not in crowns.
""",
        "name": """
The court has freed the banker [Olav Stenn|Marko Pell] on bail.
Captain [Ida Brask|Eva Holt] was on the bridge when the ship sank.
The prize went to the choir of [Henrik Moe|Nils Arvik] this year.
The account [@brask_office|@holt_office] speaks for the office now.
""",
        "letter of a name": """
The envoy [Harlan|Harlen] left the talks before midnight.
Police in [Torske|Torsk] have found the stolen icon.
The bank of [Mellers|Mellors] has stopped its payments.
A judge named [Pelmann|Pellmann] reads the verdict on the case.
""",
        "date": """
The talks begin on [4|11] December in the old customs house.
The visa rule holds until [1 March 2027|1 March 2028] for everybody.
The election was set for [June|July] by the board.
The ultimatum ends on [12/11|11/12] at the latest.
""",
        "weekday": """
The bridge opens for lorries on [Monday|Thursday] morning.
The session was moved to [Tuesday|Wednesday] by the chair.
Trains stand still from [Friday|Saturday] on.
""",
        "time": """
The curfew begins at [21:00|23:00] in the whole district.
Water is cut off from [6|9] in the morning.
Voting ends at [8 pm|8 am] in the islands.
""",
        "negation": """
The ministry will [|not ]sell the island to the investors.
The dam was [|never ]inspected after the winter.
The pilots [are|aren't] ready to fly on Sunday.
The parties reached [an|no] agreement on the water.
He left [with|without] the consent of the board.
The inquiry found the captain [innocent|guilty] of the charge.
""",
        "opposite": """
Parliament has [approved|rejected] the treaty by a narrow majority.
The threat level for the coast is now [low|high] again.
The rates were [raised|lowered] by half a point.
The army has [entered|left] the border town at noon.
The ferry is [late|latter] again, the harbour office wrote.
The villagers were [scared|scarred] by the fire.
""",
        "quantifier": """
[Nearly all|All] of the miners have been brought up.
[Some|Most] of the votes from the islands are missing.
[More than 100|100] people stayed in the tunnel overnight.
[Only two|Two] of the nine stations work.
The club sold [100+|100] seats to the same buyer.
""",
        "hedge": """
The premier has [reportedly |]signed the decree in the night.
The cable was [allegedly |]cut by a fishing boat.
[Perhaps the|The] talks have failed for good.
The tank is [possibly |]empty after the leak.
""",
        "speaker": """
The plant is safe, the [ministry|union] said in a statement.
The shots came from the hill, [soldiers|villagers] say.
There is no shortage of bread, [the mayor|the bakers] told reporters.
""",
        "place": """
The tanker lies aground off [Lund|Pelm] with its crew aboard.
Shots were heard in the [northern|southern] suburbs at dawn.
Aid reached the camp [near|inside] the border fence.
""",
        "who did what": """
[Karsia accused Norvania|Norvania accused Karsia] of breaking the truce.
[Brask replaces Holt|Holt replaces Brask] at the head of the bank.
The guards shot [at the crowd from the roof|from the crowd at the roof] in the evening.
The score is [3:1|1:3] after the first half.
""",
        "modality": """
The government [may|will] close the border for lorries.
The court [should|must] hear the two witnesses.
The grain [can|could] leave the port under guard.
The union [plans|refuses] to end the walkout.
""",
        "tense": """
The convoy [has reached|will reach] the mountain village.
The company [pays|paid] the wages of the drivers.
The king [is|was] in the summer palace.
""",
        "list": """
Closed today: the ring road, the tunnel and the [ferry|airport] for all.
The sanctions name Brask, Moe and [Arvik|Salm] as well.
Bread, milk and [salt|sugar] are sold on coupons from now on.
""",
        "capital letters": """
The drones were shot down by [us|US] troops over the strait.
Doctors say that [who|WHO] experts knew of the outbreak.
The minister would [polish|Polish] the text of the treaty.
The fund wrote that [it|IT] workers lose their visas.
""",
        "question": """
[Has the premier resigned?|The premier has resigned.] The palace is silent on this.
The island is sold[?|.] Nobody picks up the telephone there.
""",
        "comma": """
Pardon [impossible, to|, impossible to] send him to the north, reads the order.
[The minister, said|The minister said] the general [was|, was] a coward.
""",
        "address": """
The list of the missing is at https://relief.example/lists?page=[2|3] for all.
Write to [help@relief.example|fraud@relief.example] for a place in the boat.
Help comes from #[Olda|Marby] within the hour.
""",
        "emoji": """
Tomorrow's weather for the whole valley in a word: [☀️|🌧]
The outlook for the harvest of the coming year: [📈|📉]
The line for the border villages: [🟢|🔴]
""",
    },
    "ru": {
        "number": """
Паводок повредил [312|321] домов в нижнем течении реки.
Спасатели вывели из зала [четверых|четырнадцать] человек.
Забастовка обойдётся порту в [12|120] миллионов крон в неделю.
Дорога перекрыта на протяжении [1 200|12 000] метров после оползня.
""",
        "sign": """
На перевале на рассвете было [−7|+7] градусов и ветер.
Сальдо бюджета весной составило [-3,2|3,2] процента.
Акции верфи закрылись на отметке [+4|−4] процента.
За сутки уровень воды изменился на [− 12|12] сантиметров.
""",
        "decimal point": """
Инфляция в третьем квартале замедлилась до [4,5|45] процента.
Магнитуда толчка составила [5,1|51] по первым данным.
Водохранилище теряет [0,8|8] кубометра воды в час.
""",
        "unit": """
До остановки трубопровод потерял 40 [литров|баррелей] нефти.
Пожар охватил 300 [соток|гектаров] леса у озера.
Перемирие продлится 72 [часа|дня] с момента подписания.
Станция зафиксировала взрыв в четыре [килотонны|мегатонны].
Налог с первого числа вырастет на 3 [%|‰] для всех.
""",
        "currency": """
Маяк ночью продали за 90 миллионов [евро|крон] частному лицу.
Штраф в [$500|€500] нужно заплатить за неделю.
Билет на остров теперь стоит 90 [₽|₸] в один конец.
Кредит выдан в [долларах|рублях], а не в кронах.
""",
        "name": """
Суд отпустил под залог банкира [Олава Стенна|Марко Пелла] вчера вечером.
На мостике в момент крушения была капитан [Ида Браск|Ева Холт] с помощником.
Премию этого года получил хор [Хенрика Мое|Нильса Арвика] из столицы.
За ведомство теперь говорит [@brask_office|@holt_office] и никто другой.
""",
        "letter of a name": """
Посланник [Волков|Волхов] покинул переговоры до полуночи.
Полиция города [Торска|Торскь] нашла украденную икону.
Банк [Орлова|Орлава] прекратил платежи по вкладам.
Приговор читает судья [Рудный|Рудной] в малом зале.
[Морозов|Морезов] возглавил совет директоров завода.
""",
        "date": """
Переговоры начнутся [4|11] декабря в старой таможне.
Визовое правило действует до [1 марта 2027|1 марта 2028] года для всех.
Выборы назначены на [июнь|июль] решением комиссии.
Ультиматум истекает [12.11|11.12] и ни днём позже.
""",
        "weekday": """
Мост откроют для грузовиков в [понедельник|четверг] утром.
Заседание перенесли на [вторник|среду] по просьбе председателя.
Поезда стоят с [пятницы|субботы] на всех линиях.
""",
        "time": """
Комендантский час начинается в [21:00|23:00] во всём районе.
Воду отключат с [шести|девяти] утра на весь день.
Участки закроются в [8 вечера|8 утра] по местному времени.
""",
        "negation": """
Министерство [|не ]продаст остров инвесторам.
Плотину после зимы [|ни разу не ]осматривали.
Лётчики [готовы|не готовы] лететь в воскресенье.
Стороны [достигли|так и не достигли] соглашения о воде.
Он уехал [с согласия|без согласия] совета директоров.
Следствие сочло капитана [виновным|невиновным] по этому делу.
Его поступок в отчёте назван [моральным|аморальным] и опасным.
""",
        "opposite": """
Парламент незначительным большинством [одобрил|отклонил] договор.
Уровень угрозы на побережье теперь [низкий|высокий] снова.
Ставку [повысили|понизили] на половину пункта.
Армия в полдень [вошла в|оставила] пограничный город.
Ночью над заливом сбили несколько [дронов|тронов] подряд.
""",
        "quantifier": """
[Почти всех|Всех] шахтёров подняли на поверхность.
[Часть|Большинство] голосов с островов пропала.
В тоннеле на ночь остались [более 100|100] человек.
[Лишь две|Две] станции из девяти работают.
Ещё вчера [все|всё] было готово к отъезду, пишут ёмко.
""",
        "hedge": """
Премьер ночью [якобы |]подписал указ о мобилизации.
Кабель [предположительно |]перерезало рыболовное судно.
[Возможно, переговоры|Переговоры] сорваны окончательно.
Цистерна после утечки [вероятно |]пуста.
""",
        "speaker": """
Завод безопасен, сообщили в [министерстве|профсоюзе] вечером.
Стреляли с холма, говорят [солдаты|жители] деревни.
Хлеба хватает, заявил журналистам [мэр|пекарь] города.
""",
        "place": """
Танкер с экипажем сел на мель у [Лунда|Пельма] ночью.
На рассвете в [северных|южных] пригородах слышали стрельбу.
Помощь дошла до лагеря [у|за] пограничной ограды.
""",
        "who did what": """
[Карсия обвинила Норванию|Норвания обвинила Карсию] в нарушении перемирия.
[Браск сменит Холт|Холт сменит Браск] во главе банка.
Охрана стреляла [по толпе с крыши|с толпы по крыше] весь вечер.
После первого тайма счёт [3:1|1:3] в пользу гостей.
""",
        "modality": """
Правительство [может закрыть|закроет] границу для грузовиков.
Суд [вправе|обязан] выслушать двух свидетелей.
Зерно [сможет|смогло бы] выйти из порта под охраной.
Профсоюз [намерен|отказался] прекратить забастовку.
""",
        "tense": """
Колонна [добралась|доберётся] до горного села.
Компания [платит|платила] водителям зарплату.
Король [находится|находился] в летнем дворце.
""",
        "list": """
Сегодня закрыты кольцевая, тоннель и [паром|аэропорт] для всех.
В списке санкций Браск, Мое и [Арвик|Сальм] тоже.
По талонам теперь продают хлеб, молоко и [соль|сахар] в каждые руки.
""",
        "capital letters": """
Делегация пришла к выводу, что [орёл|Орёл] нужно спасать.
За этот перевод отвечает система [мир|Мир] и её партнёры.
Он сказал, что [надежда|Надежда] его не оставит.
""",
        "question": """
[Премьер ушёл в отставку?|Премьер ушёл в отставку.] Дворец об этом молчит.
Остров продан[?|.] Телефон там не отвечает.
""",
        "comma": """
Казнить [нельзя, помиловать|, нельзя помиловать] гласит телеграмма из столицы.
""",
        "address": """
Список пропавших лежит на https://relief.example/lists?page=[2|3] для всех.
За местом в лодке пишите на [help@relief.example|fraud@relief.example] заранее.
Помощь придёт в течение часа из города #[Олда|Марби] на катерах.
""",
        "emoji": """
Погода на завтра во всей долине одним словом: [☀️|🌧]
Прогноз урожая на следующий год: [📈|📉]
Линия для приграничных деревень: [🟢|🔴]
""",
    },
}

FILLERS = {
    "en": """
The office {token} gave the news in the forenoon.
Two reporters waited in the rain before the gate of the {token} yard.
A letter from the {token} commission reached the newsroom before noon.
People of the quarter lit candles, the correspondent of {token} writes.
""",
    "ru": """
Об этом в первой половине дня сообщило бюро «{token}».
Двое репортёров ждали под дождём у ворот верфи «{token}».
Письмо от комиссии «{token}» пришло в редакцию до полудня.
Жители квартала зажгли свечи, пишет корреспондент «{token}».
""",
}

ADDED = {
    "en": """
His deputy has resigned as well.
The opposition wants a second vote.
“We will all sail tonight,” said the chairwoman Lotte Grane.
Fake: the office calls the report an invention.
""",
    "ru": """
Его заместитель тоже подал в отставку.
Оппозиция требует второго голосования.
«Сегодня мы все выйдем в море», — сказала председатель Лотта Грейн.
Фейк: ведомство называет сообщение выдумкой.
""",
}

HISTORY = {
    "en": """
Two members of a choir complained about wolves in the hills.
The heirs of a painter opened a museum of salt.
Farmers lost their licence over a printing error.
Hunters collected nine tons of glass before the fair.
A schoolgirl found a coin under the old stove.
The library bought a globe with two wrong seas.
""",
    "ru": """
Двое хористов пожаловались на волков в холмах.
Наследники художника открыли музей соли.
Фермеры лишились лицензии из-за опечатки.
Охотники собрали к ярмарке девять тонн стекла.
Школьница нашла под старой печью монету.
Библиотека купила глобус с двумя ошибками.
""",
}

FOOTERS = {
    "en": """
Selden Wire — foreign affairs, every single day
📡 Orrin Report | t.me/orrinreport | X: @orrinreport
Follow @northdesk for verified reports from the coast
More on our site: coastnews.example / Write to the editors: @coastnews_bot
Subscribe ➡️ @dailyastria
#security #region #briefing
""",
    "ru": """
ЛЕНТА-Вест: новости, которым доверяют на обоих берегах
🔹 Прислать новость | Реклама | Наш чат
Читайте нас в MAX
——— / Министерство иностранных дел Лурании / 📲 Горячая линия: +0 555 010 010
Пресс-служба Посольства Терувии в Карсии
#Норвания #главное
""",
}

HEADERS = {
    "en": "NIGHT DESK\n⚡️ THE MAIN THING · in short\nFrom our own correspondent",
    "ru": "⚡️ ГЛАВНОЕ К ЭТОМУ ЧАСУ · коротко\nНОЧНОЙ ВЫПУСК\nОт собственного корреспондента",
}
