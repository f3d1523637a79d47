"""Date and time formats where Django's own do not suffice (`FORMAT_MODULE_PATH`)."""
