-- Alerts that were added, removed, moved, stopped or revived: whoever holds the saved queries in memory
-- reads on from where it was. "mark" tells whether it is still the same list: an older copy of the
-- database may give a number once more. The newest row stays, and some thousands before it.
CREATE TABLE alert_change (
    id INTEGER PRIMARY KEY,
    alert_id INTEGER NOT NULL,
    mark INTEGER NOT NULL DEFAULT (random())
) STRICT;

-- Something to have read up to.
INSERT INTO alert_change (alert_id) VALUES (0);

CREATE TRIGGER alert_change_kept_short AFTER INSERT ON alert_change BEGIN
    DELETE FROM alert_change WHERE id <= NEW.id - 10000;
END;

CREATE TRIGGER alert_added AFTER INSERT ON alert BEGIN
    INSERT INTO alert_change (alert_id) VALUES (NEW.id);
END;

CREATE TRIGGER alert_updated AFTER UPDATE OF chat_id, query ON alert BEGIN
    INSERT INTO alert_change (alert_id) VALUES (OLD.id);
END;

CREATE TRIGGER alert_removed AFTER DELETE ON alert BEGIN
    INSERT INTO alert_change (alert_id) VALUES (OLD.id);
END;

CREATE TRIGGER subscriber_stopped_or_revived AFTER UPDATE OF active ON subscriber
WHEN NEW.active <> OLD.active BEGIN
    INSERT INTO alert_change (alert_id) SELECT id FROM alert WHERE chat_id = NEW.chat_id;
END;
