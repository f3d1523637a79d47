"""The addresses of the portal are those of the access table."""

from tests.doors.doors import addresses, row_address_for, rows


def test_the_table_and_the_portal_name_the_same_addresses() -> None:
    known = addresses()
    assert [address for address in known if not row_address_for(address)] == [], "these stand in no row of table.md"
    used = {row_address_for(address) for address in known}
    assert [str(row) for row in rows() if row.address not in used] == [], "these lead nowhere"
    keys = [(row.address, row.object_name) for row in rows()]
    assert sorted({key for key in keys if keys.count(key) > 1}) == [], "these stand there twice"
