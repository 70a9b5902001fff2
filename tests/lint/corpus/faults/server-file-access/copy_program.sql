COPY imports FROM PROGRAM 'curl https://example.org/data.csv'; -- FAULT server-file-access
