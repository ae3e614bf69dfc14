#!/bin/bash
# Stands in for gcloud, as deploy.sh meets it: writes down the call, answers what the test ordered.
#
# $FAKE_GCLOUD is a folder with `answers`: arrays `match` (patterns), `status`, `out`, `err`, `hang` (seconds) and
# `times`, which bounds how often. The first that matches the call counts. Without one, a describe finds nothing and
# everything else succeeds in silence. Bash starts in a tenth of Python's time.
cd "$FAKE_GCLOUD" || exit
{ printf '%s\037' "$@" && printf '\036'; } >>calls
export -p >>environs
match=() status=() out=() err=() hang=() times=()
# shellcheck source=/dev/null
. ./answers

for i in "${!match[@]}"; do
  [[ $* =~ ${match[i]} ]] || continue
  if [[ ${times[i]} ]]; then
    used=0
    [[ ! -e used-$i ]] || read -r used <"used-$i"
    ((used < times[i])) || continue
    echo $((used + 1)) >"used-$i"
  fi
  [[ ! ${hang[i]} ]] || /bin/sleep "${hang[i]}"
  printf '%s' "${out[i]}"
  printf '%s' "${err[i]}" >&2
  exit "${status[i]:-0}"
done
[[ $* != *' describe '* || $* == billing* ]] || { echo 'ERROR: (gcloud) NOT_FOUND: it was not found' >&2 && exit 1; }
