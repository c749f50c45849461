"""The database itself refuses to change or remove an entry of the ledger."""

from django.db import migrations

REFUSE = """
CREATE FUNCTION ledger_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'UPDATE' AND current_setting('meliora.may_empty_ledger', true) = 'on' THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION 'the ledger is append-only: % is refused', TG_OP
    USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER ledger_entries_stay
  BEFORE UPDATE OR DELETE ON programmes_ledgerentry
  FOR EACH ROW EXECUTE FUNCTION ledger_is_append_only();
CREATE TRIGGER ledger_is_not_emptied
  BEFORE TRUNCATE ON programmes_ledgerentry
  FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only();
"""
ALLOW = """
DROP TRIGGER ledger_is_not_emptied ON programmes_ledgerentry;
DROP TRIGGER ledger_entries_stay ON programmes_ledgerentry;
DROP FUNCTION ledger_is_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("programmes", "0001_initial")]

    operations = [migrations.RunSQL(REFUSE, ALLOW)]
