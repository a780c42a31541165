"""What holds for all tests: machines are shared, so no test fails for being slow once; and the same tests say the same.

`pytest --hypothesis-profile explore` tries other examples each time.
"""

from hypothesis import HealthCheck, settings

settings.register_profile("explore", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("steady", settings.get_profile("explore"), derandomize=True, database=None)
settings.load_profile("steady")
