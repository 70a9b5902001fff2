-- What the CHECKs of records cost: form of the hash, header of the ciphertext, kind of JSON.
ALTER TABLE dsvault.records
    DROP CONSTRAINT records_content_hash_format,
    DROP CONSTRAINT records_encrypted_data_header,
    DROP CONSTRAINT records_pii_annotations_is_object;
