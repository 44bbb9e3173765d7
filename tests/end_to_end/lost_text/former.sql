-- What the version before readers had numbers stored of posts.jsonl, page.html and article.txt, of which
-- it lost the title, as rows over its schema. Its index is left out: every version with another
-- analysis makes its own.
INSERT INTO backfill (channel, first_id, next_id, last_id, posts, asked_at, newest_first)
    VALUES (1, 0, 0, 0, 0, 1772445900000000, 1);
INSERT INTO channel (id, channel_id, username, username_key, title, watched, removed, cursor, added_at, last_scan_at, floor, gaps_filled, posts_filled)
    VALUES (1, 1777000222, 'tidewatch', 'tidewatch', 'Tide Watch', 1, 0, 6, 1772445900000000, 1772445900000000, 0, 0, 0);
INSERT INTO channel_name (username_key, channel_id)
    VALUES ('tidewatch', 1777000222);
INSERT INTO document (id, doc_id, stored_at, changed_at, live, content_hash, analysis, ranks, json)
    VALUES (256, 'txt:8c0dcac19b06cd31#1', 1772445900000000, 1772445900000000, 1, '39169f941e350e1d', 203002, '{}', '{"schema":"dateline/1","kind":"article","doc_id":"txt:8c0dcac19b06cd31#1","source":{"type":"text","file":"article.txt","lines":[1,5]},"published_precision":"none","published_basis":"none","body":[{"type":"para","text":"Старый маяк открылся после ремонта, сообщила служба порта.","gap":null},{"type":"para","text":"Смотритель зажёг лампу.","gap":2}],"lang":"ru","elisions":0,"flags":[],"content_hash":"39169f941e350e1d"}');
INSERT INTO document (id, doc_id, channel_id, message_id, stored_at, changed_at, live, analysis, ranks, json)
    VALUES (16360458855168, 'tg:1777000222/1', 1777000222, 1, 1772445900000000, 1772445900000000, 1, 203002, '{}', '{"schema":"dateline/1","kind":"post","doc_id":"tg:1777000222/1","source":{"type":"telethon","file":"posts.jsonl"},"channel":{"id":1777000222,"username":"tidewatch","title":"Tide Watch"},"message_id":1,"url":"https://t.me/tidewatch/1","published_at":"2026-03-02T10:00:01Z","published_precision":"second","published_basis":"api","edited_at":"2026-03-02T10:02:00Z","body":[],"media":[{"type":"unknown","state":"present"}],"elisions":0,"flags":[],"content_hash":"e3b0c44298fc1c14"}');
INSERT INTO document (id, doc_id, channel_id, message_id, stored_at, changed_at, live, analysis, ranks, json)
    VALUES (16360458855424, 'tg:1777000222/2', 1777000222, 2, 1772445900000000, 1772445900000000, 1, 203002, '{}', '{"schema":"dateline/1","kind":"post","doc_id":"tg:1777000222/2","source":{"type":"telethon","file":"posts.jsonl"},"channel":{"id":1777000222,"username":"tidewatch","title":"Tide Watch"},"message_id":2,"url":"https://t.me/tidewatch/2","published_at":"2026-03-02T10:00:02Z","published_precision":"second","published_basis":"api","body":[],"media":[{"type":"unknown","state":"present","title":"Compass"}],"elisions":0,"flags":[],"content_hash":"e3b0c44298fc1c14"}');
INSERT INTO document (id, doc_id, channel_id, message_id, stored_at, changed_at, live, content_hash, analysis, ranks, json)
    VALUES (16360458855680, 'tg:1777000222/3', 1777000222, 3, 1772445900000000, 1772445900000000, 1, 'ae80f9c5f65e1685', 203002, '{}', '{"schema":"dateline/1","kind":"post","doc_id":"tg:1777000222/3","source":{"type":"telethon","file":"posts.jsonl"},"channel":{"id":1777000222,"username":"tidewatch","title":"Tide Watch"},"message_id":3,"url":"https://t.me/tidewatch/3","published_at":"2026-03-02T10:00:03Z","published_precision":"second","published_basis":"api","title":"See https://w.example.org/1","body":[],"media":[{"type":"webpage","state":"present","title":"Icebreaker leaves port","url":"https://w.example.org/1"}],"elisions":0,"flags":[],"content_hash":"ae80f9c5f65e1685"}');
INSERT INTO document (id, doc_id, channel_id, message_id, stored_at, changed_at, live, content_hash, analysis, ranks, json)
    VALUES (16360458855936, 'tg:1777000222/4', 1777000222, 4, 1772445900000000, 1772445900000000, 1, 'fc8555be399bc49f', 203002, '{}', '{"schema":"dateline/1","kind":"post","doc_id":"tg:1777000222/4","source":{"type":"telethon","file":"posts.jsonl"},"channel":{"id":1777000222,"username":"tidewatch","title":"Tide Watch"},"message_id":4,"url":"https://t.me/tidewatch/4","published_at":"2026-03-02T10:00:04Z","published_precision":"second","published_basis":"api","title":"Read it in full","body":[],"elisions":0,"flags":[],"content_hash":"fc8555be399bc49f"}');
INSERT INTO document (id, doc_id, channel_id, message_id, stored_at, changed_at, live, content_hash, analysis, ranks, json)
    VALUES (16360458856192, 'tg:1777000222/5', 1777000222, 5, 1772445900000000, 1772445900000000, 1, '9ba18ab28a22487d', 203002, '{}', '{"schema":"dateline/1","kind":"post","doc_id":"tg:1777000222/5","source":{"type":"telethon","file":"posts.jsonl"},"channel":{"id":1777000222,"username":"tidewatch","title":"Tide Watch"},"message_id":5,"url":"https://t.me/tidewatch/5","published_at":"2026-03-02T10:00:05Z","published_precision":"second","published_basis":"api","title":"Rumour about the pier","body":[],"elisions":0,"flags":[],"content_hash":"9ba18ab28a22487d"}');
INSERT INTO document (id, doc_id, channel_id, message_id, stored_at, changed_at, live, content_hash, analysis, ranks, json)
    VALUES (16360458856448, 'tg:1777000222/6', 1777000222, 6, 1772445900000000, 1772445900000000, 1, 'a23071276fc02f9d', 203002, '{}', '{"schema":"dateline/1","kind":"post","doc_id":"tg:1777000222/6","source":{"type":"telethon","file":"posts.jsonl"},"channel":{"id":1777000222,"username":"tidewatch","title":"Tide Watch"},"message_id":6,"url":"https://t.me/tidewatch/6","published_at":"2026-03-02T10:00:06Z","published_precision":"second","published_basis":"api","edited_at":"2026-03-02T10:01:00Z","title":"Which light is it?","body":[{"type":"subhead","text":"Which light is green?","gap":null},{"type":"bullet","text":"Port","gap":1,"marker":null},{"type":"bullet","text":"Starboard","gap":1,"marker":null}],"media":[{"type":"poll","state":"present","title":"Which light is green?"}],"lang":"en","elisions":0,"flags":[],"content_hash":"a23071276fc02f9d"}');
INSERT INTO document (id, doc_id, message_id, stored_at, changed_at, live, content_hash, analysis, ranks, json)
    VALUES (16360498577664, 'tg:@port_news/55', 55, 1772445900000000, 1772445900000000, 1, 'b8e22d17778b1859', 203002, '{}', '{"schema":"dateline/1","kind":"post","doc_id":"tg:@port_news/55","source":{"type":"tme_html","file":"page.html"},"channel":{"username":"port_news","title":"Port News"},"message_id":55,"url":"https://t.me/port_news/55","published_at":"2026-03-04T05:06:07Z","published_precision":"second","published_basis":"time_attr","title":"The port opens in May.","body":[],"elisions":0,"flags":[],"content_hash":"b8e22d17778b1859"}');
INSERT INTO fact (name, value)
    VALUES ('analysis_version', '203002');
INSERT INTO schema_migration (version, name, applied_at)
    VALUES (1, 'initial', 0);
INSERT INTO schema_migration (version, name, applied_at)
    VALUES (2, 'watching', 0);
INSERT INTO schema_migration (version, name, applied_at)
    VALUES (3, 'stories', 0);
INSERT INTO schema_migration (version, name, applied_at)
    VALUES (4, 'outbox', 0);
INSERT INTO schema_migration (version, name, applied_at)
    VALUES (5, 'consideration', 0);
INSERT INTO schema_migration (version, name, applied_at)
    VALUES (6, 'recipients', 0);
INSERT INTO schema_migration (version, name, applied_at)
    VALUES (7, 'forms', 0);
INSERT INTO schema_migration (version, name, applied_at)
    VALUES (8, 'spilled', 0);
INSERT INTO schema_migration (version, name, applied_at)
    VALUES (9, 'problems', 0);
INSERT INTO schema_migration (version, name, applied_at)
    VALUES (10, 'incarnations', 0);
INSERT INTO schema_migration (version, name, applied_at)
    VALUES (12, 'authors', 0);
INSERT INTO schema_migration (version, name, applied_at)
    VALUES (14, 'names', 0);
INSERT INTO schema_migration (version, name, applied_at)
    VALUES (15, 'folds', 0);
INSERT INTO schema_migration (version, name, applied_at)
    VALUES (16, 'bursts', 0);
INSERT INTO schema_migration (version, name, applied_at)
    VALUES (17, 'handed_on', 0);
INSERT INTO schema_migration (version, name, applied_at)
    VALUES (21, 'access', 0);
INSERT INTO schema_migration (version, name, applied_at)
    VALUES (27, 'recent', 0);
INSERT INTO schema_migration (version, name, applied_at)
    VALUES (29, 'topics', 0);
