"""What holds for all tests: no test fails for taking long on a busy machine."""

from hypothesis import HealthCheck, settings

settings.register_profile("booth", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("booth")
