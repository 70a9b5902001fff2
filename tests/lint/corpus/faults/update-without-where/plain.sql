UPDATE orders SET region = 'eu'; -- FAULT update-without-where
