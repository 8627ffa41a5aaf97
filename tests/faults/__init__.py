"""Known faults of other libraries, introduced one by one to check that tests notice them.

    fault ── its saboteur: one place of ours patched ── its tests (`@pytest.mark.fault`) are run
                                                           └── one of them has to fail, by assertion

The marks of the tests name them; docs/client-checklist.md lists them. The saboteurs are in modules
named after the packages that they break.
"""
