#!/usr/bin/env bash
# Adds a migration for both databases: eng/migration.sh NAME [house|credentials]
set -euo pipefail
cd "$(dirname "$0")/.."
name=${1:?"usage: eng/migration.sh NAME [house|credentials]"}
which=${2:-house}
case $which in
  house) context=HouseDb folder=Migrations/House ;;
  credentials) context=CredentialDb folder=Migrations/Credentials ;;
  *) echo "The second word is 'house' or 'credentials'." >&2; exit 2 ;;
esac
dotnet tool restore >/dev/null
dotnet build src/Watchhouse --nologo -v q
for engine in Sqlite Postgres; do
  dotnet ef migrations add "$name" --no-build --context "$context" --output-dir "$folder" \
    --project "src/platform/Watchhouse.Storage.$engine" --startup-project src/Watchhouse -- "${engine,,}"
done
