#!/usr/bin/env bash
#
# Usage: ./deploy.sh [--dry-run]
#        ./deploy.sh --delete [--yes] [--dry-run]
#        ./deploy.sh --help
#
# Summary: From nothing to a running /mando on Google Cloud, and back.
#
#   --dry-run   print every command as it would be run from nothing; ask and change nothing
#   --delete    remove what a deployment made (the project itself is kept); asks first
#   --yes       do not ask
#   --help      print this
#
# Safe to run again at any time: what is there is used, what is missing is made,
# what has changed is set.
#
# Settings come from the environment, else from .env (read, never executed):
#
#   GOOGLE_CLOUD_PROJECT  the project's id; the project is created if it is not there
#   DISCORD_PUBLIC_KEY    64 hex digits: Developer Portal, General Information
#   DISCORD_APP_ID        digits: the same page, Application ID
#   BILLING_ACCOUNT       XXXXXX-XXXXXX-XXXXXX, linked to the project and given a budget
#   BUDGET_AMOUNT         [5] a month, in the billing account's currency: alerts, not a limit
#   REGION                [europe-west6]
#   FUNCTION_NAME         [mando]
#   BUCKET_NAME           [PROJECT-mando] a bucket of its own: what is in it becomes public
#   KEEP_DAYS             [] days after which a picture is deleted; empty keeps them all
#   MIN_INSTANCES         [0]
#   MAX_INSTANCES         [10]
#   CONCURRENCY           [8] interactions that one instance works on at a time
#   DISCORD_BOT_TOKEN     registers /mando and the endpoint at the end, when given

set -euo pipefail
export LC_ALL=C # [a-z] means these 26 letters
cd "$(dirname "${BASH_SOURCE[0]}")"
exec 3>&1 # where a dry run prints, whoever captures its output

readonly BUILDER=roles/cloudbuild.builds.builder
# The ones without which the rest cannot be asked for; none of them needs billing.
readonly FIRST_APIS=(cloudresourcemanager cloudbilling billingbudgets serviceusage)
readonly APIS=(iam storage cloudfunctions run cloudbuild artifactregistry logging)
# gcloud on what is not there; a permission that is missing says "may not exist" and is an error.
readonly DISABLED='SERVICE_DISABLED|has not been used'
readonly ABSENT="not.found|does not exist|matched no|$DISABLED"

# --- speaking ---------------------------------------------------------------

usage() { sed -n '3,/^$/s/^# \{0,1\}//p' deploy.sh; }

say() { printf '%s\n' "$*"; }

warn() { printf 'deploy: %s\n' "$*" >&2; }

abort() {
  warn "$@"
  exit 1
}

doing='' cure=''

# Say what comes next; keep how to cure it, should it fail.
step() {
  doing=$1 cure=$2
  say "${dry_run:+# }$doing"
}

# Whatever ends the script early: say what failed, what to do, and that nothing is lost.
finish() {
  rm -rf "${scratch:-}"
  [[ $1 != 0 && $doing ]] || return 0
  warn "stopped at: $doing"
  warn "$cure"
  warn 'What is done stays done. Run the same command again: it goes on from there.'
}

# --- settings ---------------------------------------------------------------

# The environment's value, else .env's, else the default.
setting() {
  local value=''
  if [[ ${!1+given} ]]; then
    value=${!1}
  elif [[ -f .env ]]; then
    value=$(from_env_file "$1") || return
  fi
  printf '%s' "${value:-${2:-}}"
}

# What .env says of a name: read, never executed, by the same rules as in tools/settings.py.
from_env_file() {
  local rest text quote found='' entry=$'^[^!-~\n]*(export[ \t]+)?([A-Za-z_][A-Za-z0-9_]*)[ \t]*=[ \t]*(["\']?)'
  rest=$(tr -d '\0\r' <.env)$'\n'
  while [[ $rest ]]; do
    if [[ $rest =~ $entry ]]; then
      rest=${rest#"${BASH_REMATCH[0]}"} quote=${BASH_REMATCH[3]}
      text=${rest%%"${quote:-$'\n'}"*}
      if [[ $quote ]]; then
        [[ $text != "$rest" ]] || abort ".env: the quote that ${BASH_REMATCH[2]} begins with is never closed"
        rest=${rest#"$text$quote"}
      else
        text=${text%%[ $'\t']#*} text=${text/#\#*/}
        text=${text%"${text##*[! $'\t']}"}
      fi
      [[ ${BASH_REMATCH[2]} != "$1" ]] || found=$text
    fi
    rest=${rest#*$'\n'}
  done
  printf '%s' "$found"
}

read_settings() {
  project=$(setting GOOGLE_CLOUD_PROJECT)
  public_key=$(setting DISCORD_PUBLIC_KEY)
  app_id=$(setting DISCORD_APP_ID)
  bot_token=$(setting DISCORD_BOT_TOKEN)
  export -n DISCORD_BOT_TOKEN # gcloud has no business with it
  billing_account=$(setting BILLING_ACCOUNT)
  budget_amount=$(setting BUDGET_AMOUNT 5)
  region=$(setting REGION europe-west6)
  name=$(setting FUNCTION_NAME mando)
  bucket=$(setting BUCKET_NAME)
  keep_days=$(setting KEEP_DAYS)
  min_instances=$(setting MIN_INSTANCES 0)
  max_instances=$(setting MAX_INSTANCES 10)
  concurrency=$(setting CONCURRENCY 8)
}

# What follows from the settings, once they are known to be good.
name_things() {
  bucket=${bucket:-$project-mando}
  readonly budget="$name in $project" # found again by this name
  run_account=$name-run@$project.iam.gserviceaccount.com
  build_account=$name-build@$project.iam.gserviceaccount.com
}

faults=()

# check NAME VALUE PATTERN REMEDY: note a fault unless the whole value matches.
check() {
  [[ ! $2 =~ ^($3)$ ]] || return 0
  if [[ $2 ]]; then faults+=("$1 is '$2', which is not $4"); else faults+=("$1 is missing: $4"); fi
}

check_settings() {
  local portal='https://discord.com/developers/applications, your application, General Information'
  local optional=''
  [[ ! $delete ]] || optional='?' # what Discord knows is not needed to remove things

  check GOOGLE_CLOUD_PROJECT "$project" '[a-z][a-z0-9-]{4,28}[a-z0-9]' \
    "a project's id (6 to 30 of a-z, 0-9 and -, a letter first): gcloud projects list, or a new one"
  check DISCORD_PUBLIC_KEY "$public_key" "([0-9a-fA-F]{64})$optional" "64 hex digits: $portal, Public Key"
  check DISCORD_APP_ID "$app_id" "([0-9]{1,20})$optional" "digits: $portal, Application ID"
  check REGION "$region" '[a-z]+-[a-z]+[0-9]+' "a region: gcloud functions regions list"
  check FUNCTION_NAME "$name" '[a-z][a-z0-9-]{0,22}[a-z0-9]' \
    '2 to 24 of a-z, 0-9 and -, a letter first: its accounts are named after it'
  check BUCKET_NAME "$bucket" '([a-z0-9][a-z0-9._-]{1,61}[a-z0-9])?' \
    '3 to 63 of a-z, 0-9, -, _ and .: https://cloud.google.com/storage/docs/buckets#naming'
  [[ ! $bucket =~ google|^goog|\.\.|^[0-9.]+$ ]] ||
    faults+=("BUCKET_NAME '$bucket' is one that Google refuses: no 'google', no '..', no IP address")
  check KEEP_DAYS "$keep_days" '([1-9][0-9]{0,4})?' 'a number of days, or empty to keep the pictures'
  check MIN_INSTANCES "$min_instances" '[0-9]{1,4}' 'a number: 0 costs nothing while nobody draws'
  check MAX_INSTANCES "$max_instances" '[1-9][0-9]{0,3}' 'a number from 1: it bounds what a busy day can cost'
  check CONCURRENCY "$concurrency" '[1-9][0-9]{0,2}|1000' 'a number from 1 to 1000'
  check BILLING_ACCOUNT "$billing_account" '([0-9A-F]{6}-[0-9A-F]{6}-[0-9A-F]{6})?' \
    'of the form 0123AB-4567CD-89EF01: gcloud billing accounts list'
  check BUDGET_AMOUNT "$budget_amount" '[1-9][0-9]{0,8}' \
    "a whole number: gcloud misreads fractions"
  [[ $bot_token =~ ^[A-Za-z0-9._-]*$ ]] ||
    faults+=("DISCORD_BOT_TOKEN is no token: $portal, then Bot, Reset Token (without the word Bot)")

  [[ ${#faults[@]} == 0 ]] || complain
  ((10#$min_instances <= 10#$max_instances)) ||
    abort "MIN_INSTANCES ($min_instances) is more than MAX_INSTANCES ($max_instances)"
}

complain() {
  warn 'nothing was done, for these settings (environment or .env) must be put right first:'
  printf '  - %s\n' "${faults[@]}" >&2
  exit 1
}

# --- asking Google ----------------------------------------------------------

# Run gcloud on our project, never prompting; a dry run prints it instead.
google() {
  local call=(gcloud "$@" --project="$project" --quiet)
  if [[ $dry_run ]]; then
    { printf '%q ' "${call[@]}" | sed 's/ $//' && echo; } >&3
  else
    "${call[@]}" </dev/null
  fi
}

# Is it there? A dry run asks nobody and supposes not.
there() {
  google "$@" >/dev/null 2>&1 && [[ ! $dry_run ]]
}

# Run what is just as well if its object is not there, or not any more.
tolerant() {
  google "$@" 2>"$scratch/errors" || grep -qiE "$ABSENT" "$scratch/errors" || {
    cat "$scratch/errors" >&2
    return 1
  }
}

# ask PRETENDED ARGUMENT...: print the answer to a read, nothing when nothing is there; of a dry run, the pretended one.
ask() {
  local pretended=$1
  shift
  tolerant "$@" || return # set -e does not reach into $(...)
  [[ ! $dry_run ]] || printf '%s\n' "$pretended"
}

# Run what needs an API or a service account that may be new. It takes a minute or two until either is known everywhere:
# https://cloud.google.com/iam/docs/access-change-propagation
settled() {
  local pause
  for pause in 2 4 8 16 30 30 30; do
    { google "$@" 2>&1 >&4 | tee "$scratch/errors" >&2; } 4>&1 && return
    ! grep -q 'already exists' "$scratch/errors" || return 1
    grep -qE "$name-(run|build)@|[Ss]ervice account|concurrent policy|$DISABLED" "$scratch/errors" || return 1
    warn "what is new is not known everywhere at Google yet; once more in $pause s"
    sleep "$pause"
  done
  google "$@"
}

# --- deploying --------------------------------------------------------------

deploy() {
  use_project
  use_billing
  step 'APIs that the function needs' 'Most need a billing account: set BILLING_ACCOUNT (gcloud billing accounts list).'
  google services enable "${APIS[@]/%/.googleapis.com}"
  use_budget
  make_bucket
  make_accounts
  deploy_function
  [[ ! $dry_run ]] || url=https://$region-$project.cloudfunctions.net/$name
  report
}

use_project() {
  step "Project $project" "Log in (gcloud auth login), or choose another GOOGLE_CLOUD_PROJECT: ids are shared by the whole world."
  if ! there projects describe "$project"; then
    google projects create "$project" || there projects describe "$project"
  fi
  google services enable "${FIRST_APIS[@]/%/.googleapis.com}"
}

use_billing() {
  [[ $billing_account ]] || return 0
  step "Billing account $billing_account" 'You need the role Billing Account User on it: gcloud billing accounts list.'
  local linked
  linked=$(settled billing projects describe "$project" --format='value(billingAccountName)')
  [[ $linked == "billingAccounts/$billing_account" ]] ||
    google billing projects link "$project" --billing-account="$billing_account" --format=none
}

use_budget() {
  if [[ ! $billing_account ]]; then
    warn 'NO BUDGET: without BILLING_ACCOUNT nobody is told when this costs money.'
    return
  fi
  step "Budget of $budget_amount a month" 'You need the role Billing Account Costs Manager on the billing account.'
  local found settings=(--budget-amount="$budget_amount" --filter-projects="projects/$project")
  local shares=(percent=0.5 percent=0.9 percent=1.0 'percent=1.0,basis=forecasted-spend')
  found=$(settled billing budgets list --billing-account="$billing_account" \
    --filter="displayName=\"$budget\"" --format='value(name)')
  if [[ $found ]]; then # create would make a second one of the same name
    google billing budgets update "${found%%$'\n'*}" "${settings[@]}" \
      --clear-threshold-rules "${shares[@]/#/--add-threshold-rule=}" --format=none
  else
    google billing budgets create --billing-account="$billing_account" --display-name="$budget" \
      --calendar-period=month "${settings[@]}" "${shares[@]/#/--threshold-rule=}" --format=none
  fi
}

make_bucket() {
  step "Bucket gs://$bucket" 'Names are shared by the whole world: choose another BUCKET_NAME. If an organisation policy forbids public buckets, ask who set it.'
  if there storage buckets describe "gs://$bucket"; then
    refuse_private_files
  else
    google storage buckets create "gs://$bucket" --location="$region" --uniform-bucket-level-access ||
      there storage buckets describe "gs://$bucket"
  fi

  local settings=(
    --uniform-bucket-level-access # access is the bucket's, none of an object's own
    --no-public-access-prevention # else allUsers below is refused
    --clear-soft-delete           # deleted is deleted, and not paid for another week
  )
  if [[ $keep_days ]]; then
    printf '{"rule": [{"action": {"type": "Delete"}, "condition": {"age": %d}}]}\n' "$keep_days" >"$scratch/lifecycle.json"
    [[ ! $dry_run ]] || say "# lifecycle.json: $(<"$scratch/lifecycle.json")"
    settings+=(--lifecycle-file="$scratch/lifecycle.json")
  else
    settings+=(--clear-lifecycle) # KEEP_DAYS may have been set once
  fi
  google storage buckets update "gs://$bucket" "${settings[@]}"

  # legacyObjectReader lets anybody get a picture; objectViewer would let them list all of them.
  google storage buckets add-iam-policy-binding "gs://$bucket" --member=allUsers --role=roles/storage.legacyObjectReader \
    --format=none
}

# Files that are in a bucket which is not public were not put there by mando.
refuse_private_files() {
  local members files
  members=$(google storage buckets get-iam-policy "gs://$bucket" --format='value(bindings.members)')
  [[ $members != *allUsers* ]] || return 0
  files=$(google storage ls "gs://$bucket")
  [[ ! $files ]] ||
    abort "gs://$bucket is not public and has files in it: give mando a bucket of its own in BUCKET_NAME"
}

make_accounts() {
  step 'Service accounts to run and to build' 'You need the role Owner on the project.'
  make_account "$name-run" "$run_account" "Runs $name: may add pictures to gs://$bucket"
  make_account "$name-build" "$build_account" "Builds $name"
  settled storage buckets add-iam-policy-binding "gs://$bucket" \
    --member="serviceAccount:$run_account" --role=roles/storage.objectCreator --format=none
  # --condition=None, or gcloud asks which condition when the policy has any.
  settled projects add-iam-policy-binding "$project" --condition=None \
    --member="serviceAccount:$build_account" --role="$BUILDER" --format=none
}

make_account() {
  there iam service-accounts describe "$2" ||
    settled iam service-accounts create "$1" --display-name="$3" ||
    there iam service-accounts describe "$2"
}

deploy_function() {
  step "Function $name in $region (two minutes)" 'The log of the build is named above; CONTRIBUTING.md says how to run the same locally.'
  local variables="DISCORD_PUBLIC_KEY=$public_key,DISCORD_APP_ID=$app_id,BUCKET_NAME=$bucket"
  variables+=",THREADS=$concurrency,GOOGLE_CLOUD_PROJECT=$project"
  local flags=(
    --gen2 --region="$region" --source=.
    --runtime=python312 # bezier, which RandomMandala needs, has no wheel for 3.13
    --entry-point=handle_request --trigger-http
    --allow-unauthenticated # Discord signs its requests; main.py verifies them
    --cpu=1 --memory=512Mi  # 512Mi alone means a third of a vCPU: too little for concurrency
    --concurrency="$concurrency"
    --min-instances="$min_instances" --max-instances="$max_instances"
    --timeout=60s
    --service-account="$run_account"
    # A new project's default account may not be allowed to build.
    --build-service-account="projects/$project/serviceAccounts/$build_account"
    --set-env-vars="$variables" # all of them: what was set before and is not here goes
    --format='value(firstof(url,serviceConfig.uri))'
  )
  url=$(settled functions deploy "$name" "${flags[@]}")

  step 'CPU after the answer' 'Until this is set, pictures come late or never.'
  # A delivery goes on after the 202; each deployment of the function sets throttling back.
  google run services update "$name" --region="$region" --no-cpu-throttling --cpu-boost
}

report() {
  doing=
  say "${dry_run:+# }$name answers at $url"
  if [[ $bot_token ]]; then
    register
  else
    local invite="https://discord.com/oauth2/authorize?client_id=$app_id&scope=applications.commands&integration_type"
    cat <<END
Left to do:
  1. Register /mando and the endpoint, with the token of Developer Portal, Bot:
       DISCORD_BOT_TOKEN=... python -m tools.register --endpoint $url
     (or paste the address into General Information, Interactions Endpoint URL, and
     run it without --endpoint)
  2. Invite it to a server:  $invite=0
     or to your own account: $invite=1
END
  fi
}

# The token travels in the environment: a command line can be read by everybody on the machine.
register() {
  local python=.venv/bin/python
  [[ -x $python ]] || python=python3
  step 'Registering /mando and the endpoint' "The function is deployed. Register it: python -m tools.register --endpoint $url"
  if [[ $dry_run ]]; then
    say "$python -m tools.register --endpoint $url"
  else
    DISCORD_APP_ID=$app_id DISCORD_BOT_TOKEN=$bot_token "$python" -m tools.register --endpoint "$url"
  fi
}

# --- removing ---------------------------------------------------------------

delete() {
  say "${dry_run:+# }This removes from project $project:
${dry_run:+# }  the function $name in $region, its accounts $name-run and $name-build, the budget \"$budget\",
${dry_run:+# }  and gs://$bucket with every picture in it: messages on Discord lose theirs."
  [[ $assume_yes || $dry_run ]] || confirm

  step "Project $project" 'Is it the right one? gcloud projects list shows yours; gcloud auth login logs you in.'
  google projects describe "$project" --format=none

  step "Function $name" 'gcloud names the reason above.'
  tolerant functions delete "$name" --gen2 --region="$region"
  step "Bucket gs://$bucket" 'You need the role Storage Admin on the project.'
  remove_bucket "$bucket"
  step 'Service accounts' 'You need the role Owner on the project.'
  remove_bindings
  remove_accounts
  remove_budget
  remove_leftovers
  doing=
  say "${dry_run:+# }Removed. The project is kept, and costs nothing by itself; to remove it too: gcloud projects delete $project"
}

confirm() {
  [[ -t 0 ]] || abort '--delete asks first, and there is no terminal to ask on: give --yes'
  local answer
  read -r -p 'Remove them? [y/N] ' answer || true
  [[ $answer == [yY]* ]] || abort 'nothing was removed'
}

remove_bucket() {
  tolerant storage rm "gs://$1/**"
  tolerant storage buckets delete "gs://$1"
}

# Bindings outlive their account, as deleted:serviceAccount:EMAIL?uid=NUMBER
remove_bindings() {
  local bindings role member
  bindings=$(ask "$BUILDER serviceAccount:$build_account" projects get-iam-policy "$project" \
    --flatten='bindings[].members' --format='value[separator=" "](bindings.role,bindings.members)')
  while read -r role member; do
    case $member in
      *serviceAccount:"$run_account"* | *serviceAccount:"$build_account"*)
        tolerant projects remove-iam-policy-binding "$project" --all --member="$member" --role="$role" --format=none
        ;;
    esac
  done <<<"$bindings"
}

# Listed first, for deleting what is not there is answered like a missing permission:
# https://cloud.google.com/iam/docs/reference/rest/v1/projects.serviceAccounts/delete
remove_accounts() {
  local accounts each
  accounts=$(ask "$run_account $build_account" iam service-accounts list --format='value(email)')
  for each in $accounts; do
    case $each in
      "$run_account" | "$build_account") tolerant iam service-accounts delete "$each" ;;
    esac
  done
}

remove_budget() {
  step "Budget \"$budget\"" 'You need the role Billing Account Costs Manager on the billing account.'
  local account=$billing_account found each
  [[ $account ]] ||
    account=$(ask ACCOUNT billing projects describe "$project" --format='value(billingAccountName.basename())')
  [[ $account ]] || return 0
  found=$(ask "billingAccounts/$account/budgets/BUDGET" billing budgets list --billing-account="$account" \
    --filter="displayName=\"$budget\"" --format='value(name)')
  for each in $found; do
    tolerant billing budgets delete "$each"
  done
}

# What Google made for the build; the other functions of the region use the same.
remove_leftovers() {
  step "Images and sources in $region" 'gcloud names the reason above.'
  local others buckets each
  others=$(ask '' functions list --v2 --regions="$region" --format='value(name)')
  if [[ $others ]]; then
    say "Kept, for other functions use them: the repository gcf-artifacts and the buckets gcf-v2-* of $region"
    return
  fi
  tolerant artifacts repositories delete gcf-artifacts --location="$region"
  buckets=$(ask "gcf-v2-sources-NUMBER-$region" storage buckets list --format='value(name)' \
    --filter="name~'^gcf-v2-(sources|uploads)-[0-9]+[-.]$region(\\.|\$)'")
  for each in $buckets; do
    remove_bucket "$each"
  done
}

# --- from here it runs ------------------------------------------------------

dry_run='' delete='' assume_yes=''
for argument; do
  case $argument in
    --help | -h)
      usage
      exit
      ;;
    --dry-run) dry_run=yes ;;
    --delete) delete=yes ;;
    --yes | -y) assume_yes=yes ;;
    *) abort "unknown argument '$argument': see ./deploy.sh --help" ;;
  esac
done
[[ ! $assume_yes || $delete ]] || abort '--yes goes with --delete: see ./deploy.sh --help'

read_settings
check_settings
name_things
[[ $dry_run ]] || command -v gcloud >/dev/null || abort 'gcloud is not installed: https://cloud.google.com/sdk/docs/install'

scratch=$(mktemp -d)
trap 'finish $?' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

if [[ $delete ]]; then delete; else deploy; fi
