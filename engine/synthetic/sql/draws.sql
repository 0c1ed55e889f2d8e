-- Where every draw comes from: integers only, so that it is the same on every machine and in every
-- version of DuckDB (its own hash() may change; md5() of a number takes thirty times as long).

-- `mix` turns one number of 32 bits into another, one to one (the function is known as lowbias32).
CREATE OR REPLACE MACRO fold(x, n) AS xor(x, x >> n);
CREATE OR REPLACE MACRO mix(x) AS
    fold((fold((fold(x, 16) * 2146121005) & 4294967295, 15) * 2221713035) & 4294967295, 16);

-- The name of a draw as a number. The name is always a constant, so this is worked out once a query.
CREATE OR REPLACE MACRO salt(name) AS ('0x' || left(md5(name), 8))::UBIGINT;

-- A number from 0 to 2^32 - 1 for an audit (by its key), a name and, in tables, the number of a row.
CREATE OR REPLACE MACRO draw(k, name) AS mix(xor(k, salt(name)));
CREATE OR REPLACE MACRO draw_row(k, name, n) AS
    mix(xor(k, (salt(name) + n::UBIGINT * 2654435761) & 4294967295));

-- A whole number from 0 to n - 1: all alike, or the low ones far more often.
CREATE OR REPLACE MACRO pick(h, n) AS ((h * n::UBIGINT) >> 32)::INTEGER;
CREATE OR REPLACE MACRO pick_low(h, n) AS ((((h * h) >> 32) * n::UBIGINT) >> 32)::INTEGER;

-- A bell around 0 with a standard deviation of 148: the sum of four even draws of 8 bits.
CREATE OR REPLACE MACRO bell(h) AS
    ((h & 255) + ((h >> 8) & 255) + ((h >> 16) & 255) + (h >> 24))::INTEGER - 510;

-- Two bells that agree in part: `strongly` the first, and the rest the second.
CREATE OR REPLACE MACRO blend_6(a, b) AS (a * 6 + b * 8) // 10;
CREATE OR REPLACE MACRO blend_8(a, b) AS (a * 8 + b * 6) // 10;

-- The working day on or before a day. Working days to and from a day stay the same by it, which is
-- what lets the series of visits promise how long its longest gap is.
CREATE OR REPLACE MACRO workday(d) AS
    d - (ascii(substr(getvariable('days_back'), d - DATE '2015-01-01' + 1, 1)) - 48);

-- How many working days there are after one day, up to and including a later one.
CREATE OR REPLACE MACRO working_days(a, b) AS
    substr(getvariable('worked'), (b - DATE '2015-01-01') * 4 + 1, 4)::INTEGER
    - substr(getvariable('worked'), (a - DATE '2015-01-01') * 4 + 1, 4)::INTEGER;

-- A level is 0 (kept), 1 (nearly), 2 (not kept) or 3 (no entry), by how far a bell falls.
CREATE OR REPLACE MACRO level(y, nearly, missed, silent) AS
    CASE WHEN y < silent THEN 3 WHEN y < missed THEN 2 WHEN y < nearly THEN 1 ELSE 0 END;
-- How a standard is kept that is seldom missed: it follows the quality of its domain closely.
CREATE OR REPLACE MACRO kept(x, h) AS level((x * 9 + bell(h) * 4) // 10, -270, -300, -335);
-- What a level looks like on the record, where there is a middle way and where there is none.
CREATE OR REPLACE MACRO by_level(l) AS CASE l WHEN 0 THEN 2 WHEN 1 THEN 4 WHEN 2 THEN 6 WHEN 3 THEN 5 END;
CREATE OR REPLACE MACRO strictly(l) AS CASE l WHEN 0 THEN 2 WHEN 1 THEN 2 WHEN 2 THEN 6 WHEN 3 THEN 5 END;
-- A yes, a no or a blank; and the outcome of a limit that runs from one day to another or to the end.
CREATE OR REPLACE MACRO yes_by(l) AS CASE l WHEN 2 THEN false WHEN 3 THEN NULL ELSE true END;
CREATE OR REPLACE MACRO by_day(done, due, cut) AS
    CASE WHEN done <= cut THEN if(done <= due, 2, 6) ELSE if(cut <= due, 1, 5) END;
CREATE OR REPLACE MACRO by_working_days(begun, done, most, cut) AS
    CASE WHEN done <= cut THEN if(working_days(begun, done) <= most, 2, 6)
        ELSE if(working_days(begun, cut) <= most, 1, 5) END;

-- Whether any of several outcomes is a miss, as a number (a blank is none).
CREATE OR REPLACE MACRO missed
    (a, b) AS (coalesce(greatest(a, b), 0) >= 5)::INTEGER,
    (a, b, c) AS (coalesce(greatest(a, b, c), 0) >= 5)::INTEGER,
    (a, b, c, d) AS (coalesce(greatest(a, b, c, d), 0) >= 5)::INTEGER,
    (a, b, c, d, e, f) AS (coalesce(greatest(a, b, c, d, e, f), 0) >= 5)::INTEGER,
    (a, b, c, d, e, f, g) AS (coalesce(greatest(a, b, c, d, e, f, g), 0) >= 5)::INTEGER,
    (a, b, c, d, e, f, g, h) AS (coalesce(greatest(a, b, c, d, e, f, g, h), 0) >= 5)::INTEGER,
    (a, b, c, d, e, f, g, h, l, m) AS
        (coalesce(greatest(a, b, c, d, e, f, g, h, l, m), 0) >= 5)::INTEGER;

-- lpad() alone would cut a longer number short.
CREATE OR REPLACE MACRO numbered(letter, number, digits) AS
    letter || lpad(number::VARCHAR, greatest(digits, strlen(number::VARCHAR))::INTEGER, '0');
CREATE OR REPLACE MACRO grade_name(g) AS
    ['inadequate', 'requires_improvement', 'good', 'outstanding'][g];
-- Thousandths of a grade to the grade, 1 the worst.
CREATE OR REPLACE MACRO grade_of(thousandths) AS
    greatest(1, least(4, (thousandths + 500) // 1000));
