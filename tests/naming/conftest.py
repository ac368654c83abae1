from hypothesis import settings

# A busy machine is no defect: what must be fast is timed by tests of its own.
settings.register_profile("mlws", deadline=None)
settings.load_profile("mlws")
