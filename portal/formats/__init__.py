"""How dates are read, where Django's own formats fall short (`FORMAT_MODULE_PATH`)."""
