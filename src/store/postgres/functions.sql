-- What statements ask for that SQLite has and PostgreSQL lacks, or has otherwise. They stand in our schema, which is searched first.

-- Of two values, null where either is. PostgreSQL's least and greatest leave nulls out.
CREATE FUNCTION min(a bigint, b bigint) RETURNS bigint IMMUTABLE PARALLEL SAFE LANGUAGE sql
  AS $$ SELECT CASE WHEN a < b THEN a WHEN a >= b THEN b END $$;
CREATE FUNCTION max(a bigint, b bigint) RETURNS bigint IMMUTABLE PARALLEL SAFE LANGUAGE sql
  AS $$ SELECT CASE WHEN a > b THEN a WHEN a <= b THEN b END $$;
CREATE FUNCTION min(a text, b text) RETURNS text IMMUTABLE PARALLEL SAFE LANGUAGE sql
  AS $$ SELECT CASE WHEN a < b THEN a WHEN a >= b THEN b END $$;

CREATE FUNCTION iif(condition boolean, a anycompatible, b anycompatible) RETURNS anycompatible IMMUTABLE PARALLEL SAFE LANGUAGE sql
  AS $$ SELECT CASE WHEN condition THEN a ELSE b END $$;

-- Shifted by 64 and more nothing is left; PostgreSQL would begin again at 0.
CREATE FUNCTION shifted_left(bits bigint, by bigint) RETURNS bigint IMMUTABLE PARALLEL SAFE LANGUAGE sql
  AS $$ SELECT CASE WHEN by BETWEEN 0 AND 63 THEN bits OPERATOR(pg_catalog.<<) by::integer ELSE 0 END $$;
CREATE OPERATOR << (LEFTARG = bigint, RIGHTARG = bigint, FUNCTION = shifted_left);

-- A JSON list as rows: its values as texts.
CREATE FUNCTION json_each(list text) RETURNS TABLE (value text) IMMUTABLE PARALLEL SAFE ROWS 64 LANGUAGE sql
  AS $$ SELECT json_array_elements_text(list::json) $$;

-- As store/joining.ts has them.
CREATE FUNCTION joined_words(a text, b text) RETURNS text IMMUTABLE PARALLEL SAFE LANGUAGE sql AS $$
  SELECT CASE WHEN a = b OR b = '' THEN a WHEN a = '' THEN b ELSE (
    SELECT string_agg(word, ' ' ORDER BY word COLLATE "C") FROM (SELECT DISTINCT unnest(string_to_array(a || ' ' || b, ' ')) AS word) AS words) END $$;
CREATE FUNCTION lowest_ports(a text, b text) RETURNS text IMMUTABLE PARALLEL SAFE LANGUAGE sql AS $$
  SELECT CASE WHEN a = b THEN a ELSE (SELECT '[' || coalesce(string_agg(port::text, ',' ORDER BY port), '') || ']' FROM (
    SELECT DISTINCT port::bigint AS port FROM (SELECT json_array_elements_text(a::json) AS port UNION ALL SELECT json_array_elements_text(b::json)) AS tried
    ORDER BY port LIMIT 8) AS lowest) END $$;
