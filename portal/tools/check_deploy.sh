#!/usr/bin/env bash
# Run Django's deployment checks on the production settings, with made-up values for what an operator sets.
set -euo pipefail
cd "$(dirname "$0")/../.."
export DJANGO_SETTINGS_MODULE=portal.settings.production
export ALLOWED_HOSTS=portal.example.gov.cn SITE_URL=https://portal.example.gov.cn
SECRET_KEY="$(.venv/bin/python -c 'import secrets; print(secrets.token_urlsafe(50))')"
export SECRET_KEY
exec .venv/bin/python manage.py check --deploy --fail-level WARNING
