-- What subscribers set so that alerts are no noise.
ALTER TABLE subscriber ADD COLUMN quiet_from INTEGER;
ALTER TABLE subscriber ADD COLUMN quiet_until INTEGER;
ALTER TABLE subscriber ADD COLUMN quiet_but_urgent INTEGER NOT NULL DEFAULT 0;

ALTER TABLE alert ADD COLUMN paused INTEGER NOT NULL DEFAULT 0;
ALTER TABLE alert ADD COLUMN snoozed_until INTEGER;
ALTER TABLE alert ADD COLUMN urgent INTEGER NOT NULL DEFAULT 0;
ALTER TABLE alert ADD COLUMN silent INTEGER NOT NULL DEFAULT 0;
ALTER TABLE alert ADD COLUMN hourly_limit INTEGER;
ALTER TABLE alert ADD COLUMN every_minutes INTEGER;

CREATE TABLE mute (
    alert_id INTEGER NOT NULL REFERENCES alert (id) ON DELETE CASCADE,
    channel TEXT NOT NULL,
    title TEXT NOT NULL,
    PRIMARY KEY (alert_id, channel)
) STRICT, WITHOUT ROWID;

-- When alerts with an hourly limit were told; what is older than an hour goes.
CREATE TABLE told (
    id INTEGER PRIMARY KEY,
    alert_id INTEGER NOT NULL REFERENCES alert (id) ON DELETE CASCADE,
    told_at INTEGER NOT NULL
) STRICT;

CREATE INDEX told_by_alert ON told (alert_id, told_at);
