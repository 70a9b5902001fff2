CREATE TABLE sensors (id bigint PRIMARY KEY);
CREATE TABLE measurements (at date NOT NULL, sensor_id bigint NOT NULL,
    PRIMARY KEY (sensor_id, at)) PARTITION BY RANGE (at);
ALTER TABLE measurements ADD CONSTRAINT measurements_sensor_fk
    FOREIGN KEY (sensor_id) REFERENCES sensors (id) NOT VALID; -- FAULT not-valid-fk-on-partitioned
