"""Known faults of other libraries, brought back one by one to see that tests notice.

    fault ── its saboteur: one place of ours patched ── its tests (`@pytest.mark.fault`) are run
                                                           └── one of them has to fail, by assertion

The marks of the tests name them; docs/client-checklist.md lists them. The saboteurs are in modules
named after the packages that they break.
"""
