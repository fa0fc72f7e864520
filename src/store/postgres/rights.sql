-- Who may do what; run again after each change of shape. Whoever runs it owns all of it and is needed for that alone: a core logs in as a
-- member of auscult_writer, pages that only show as one of auscult_reader. That a session sees the site it says holds off mistakes, not
-- a login that says another: who must not read a site gets no login.

DO $$
DECLARE
  it text;
BEGIN
  FOREACH it IN ARRAY ARRAY['auscult_writer', 'auscult_reader'] LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = it) THEN EXECUTE format('CREATE ROLE %I NOLOGIN', it); END IF;
  END LOOP;
  FOR it IN SELECT relname FROM pg_class WHERE relnamespace = 'auscult'::regnamespace AND relkind = 'r' AND relname NOT IN ('shape', 'site') LOOP
    EXECUTE format('ALTER TABLE auscult.%I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', it);
    EXECUTE format('DROP POLICY IF EXISTS one_site ON auscult.%I', it);
    EXECUTE format('CREATE POLICY one_site ON auscult.%I USING (site = auscult.ours()) WITH CHECK (site = auscult.ours())', it);
    EXECUTE format('GRANT INSERT, UPDATE, DELETE ON auscult.%I TO auscult_writer', it);
  END LOOP;
END $$;
REVOKE ALL ON SCHEMA auscult FROM PUBLIC;
GRANT USAGE ON SCHEMA auscult TO auscult_writer, auscult_reader;
GRANT SELECT ON ALL TABLES IN SCHEMA auscult TO auscult_writer, auscult_reader;
GRANT INSERT ON auscult.site TO auscult_writer;
REVOKE UPDATE, DELETE ON auscult.change FROM auscult_writer;
