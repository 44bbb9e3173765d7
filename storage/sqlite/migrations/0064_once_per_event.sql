-- Alerts that ring once for an event: later posts of it go into the first message.
ALTER TABLE alert ADD COLUMN once INTEGER NOT NULL DEFAULT 0;

-- Whether a post came to a message because it tells of the same event, in words of its own.
ALTER TABLE folded ADD COLUMN event INTEGER NOT NULL DEFAULT 0;

-- Which messages told of a post for such alerts: what of an event a reader was shown.
CREATE TABLE event_told (
    delivery_id INTEGER NOT NULL REFERENCES delivery (id) ON DELETE CASCADE,
    alert_id INTEGER NOT NULL,
    document_id INTEGER NOT NULL
        REFERENCES document (id) ON UPDATE CASCADE ON DELETE CASCADE,
    PRIMARY KEY (delivery_id, alert_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX event_told_by_document ON event_told (document_id);
