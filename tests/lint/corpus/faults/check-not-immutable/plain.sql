CREATE TABLE bookings (
    id bigint PRIMARY KEY,
    starts_at timestamptz NOT NULL,
    CONSTRAINT bookings_future CHECK (starts_at > now()) -- FAULT check-not-immutable
);
