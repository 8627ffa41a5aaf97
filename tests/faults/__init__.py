"""Known faults of other libraries, brought back one by one to see that tests notice.

    fault ── its saboteur: one place of ours patched ── its tests (`@pytest.mark.fault`) are run
                                                           └── one of them has to fail, by assertion

Which tests those are is said by their marks, and shown on docs/client-checklist.md. The saboteurs
stand in modules that are called after the rooms they break.
"""
