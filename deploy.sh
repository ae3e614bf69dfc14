#!/usr/bin/env -S bash #
# Editors on Windows end lines with a carriage return more, and bash stumbles over each of them.
end_of_line='
' #
[ "${#end_of_line}" = 1 ] || { echo 'deploy: deploy.sh has Windows line ends: git checkout -- deploy.sh (and see README.md, Windows)' >&2 && exit 1; } #
#
# Usage: ./deploy.sh [--dry-run]
#        ./deploy.sh --delete [--yes] [--dry-run]
#        ./deploy.sh --help
#
# Summary: From nothing to a running /mando on Google Cloud, and back.
#
#   --dry-run   print every command as it would be run from nothing, and the cost; ask and change nothing
#   --delete    remove what a deployment made (the project itself is kept); asks first
#   --yes       do not ask, and leave what does not look like mando's
#   --help      print this
#
# Safe to run again at any time: what is there is used, what is missing is made, what has changed is set. What is
# changed or removed bears mando's mark (a label, an account's description); all else is left alone and named.
#
# Settings come from the environment, else from .env (read, never executed):
#
#   GOOGLE_CLOUD_PROJECT  the project's id; the project is created if it is not there
#   DISCORD_PUBLIC_KEY    64 hex digits: Developer Portal, General Information
#   DISCORD_APP_ID        digits: the same page, Application ID
#   DISCORD_BOT_TOKEN     registers the commands and the endpoint at the end, and takes them away, when given
#   COMMAND               [command] the module that answers: /mando's, or examples.chart, or your own
#   BILLING_ACCOUNT       XXXXXX-XXXXXX-XXXXXX, linked to the project and given a budget
#   BUDGET_AMOUNT         [5] a month, in the billing account's currency: alerts, not a limit
#   ALERT_EMAIL           [] is told of errors, and of users who were told "busy"
#   REGION                [where it runs already, else europe-west1]
#   FUNCTION_NAME         [mando]
#   PICTURES              [bucket] or attachments: they travel with the message, and no bucket is needed
#   BUCKET_NAME           [the one it has already, else PROJECT-FUNCTION] what is in it becomes public
#   KEEP_DAYS             [] days after which a picture is deleted; empty keeps them all
#   BILLING               [instance] or request: what is paid for, see README.md, What it costs
#   MIN_INSTANCES         [0]
#   MAX_INSTANCES         [3] bounds the instances' cost: $143 a month, see --dry-run
#   CONCURRENCY           [8] interactions that one instance works on at a time
#   THREADS               [64] connections that it holds open, silent ones among them

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
readonly BUSY='concurrent policy|unable to queue'
readonly FORBIDDEN='organi[sz]ation.?policy|permitted customer|constraints/'
readonly ABSENT="not.found|does not exist|matched no|$DISABLED"
# A picture as recipe.py names it: 32 hex digits, then png or svg.
readonly DIGIT='[0-9a-f]'
readonly EIGHT=$DIGIT$DIGIT$DIGIT$DIGIT$DIGIT$DIGIT$DIGIT$DIGIT
readonly PICTURE="$EIGHT$EIGHT$EIGHT$EIGHT*.[ps][nv]g"

# --- speaking ---------------------------------------------------------------

usage() { sed -n '/^# Usage/,/^$/s/^# \{0,1\}//p' deploy.sh; }

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
  module=$(setting COMMAND command)
  billing_account=$(setting BILLING_ACCOUNT)
  budget_amount=$(setting BUDGET_AMOUNT 5)
  alert_email=$(setting ALERT_EMAIL)
  region=$(setting REGION)
  name=$(setting FUNCTION_NAME mando)
  pictures=$(setting PICTURES bucket)
  bucket=$(setting BUCKET_NAME)
  keep_days=$(setting KEEP_DAYS)
  billing=$(setting BILLING instance)
  min_instances=$(setting MIN_INSTANCES 0)
  max_instances=$(setting MAX_INSTANCES 3)
  concurrency=$(setting CONCURRENCY 8)
  threads=$(setting THREADS 64)
}

# What follows from the settings, once they are known to be good.
name_things() {
  readonly mark=mando_$name=$project  # a label, and what an account's description begins with
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
  check COMMAND "$module" '[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*' 'the name of a module: examples.chart'
  [[ -e ${module//.//}.py || -e ${module//.//}/__init__.py ]] ||
    faults+=("COMMAND is '$module', and ${module//.//}.py is not there")
  check REGION "$region" '([a-z]+-[a-z]+[0-9]+)?' "a region: gcloud functions regions list"
  check ALERT_EMAIL "$alert_email" '([^@,=[:space:]]+@[^@,=[:space:]]+)?' 'an address'
  check PICTURES "$pictures" 'bucket|attachments' "'bucket' or 'attachments'"
  check BILLING "$billing" 'instance|request' "'instance' or 'request'"
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
  check THREADS "$threads" '[1-9][0-9]{0,3}' 'a number from 1: CONCURRENCY, and some for who only connects'
  check BILLING_ACCOUNT "$billing_account" '([0-9A-F]{6}-[0-9A-F]{6}-[0-9A-F]{6})?' \
    'of the form 0123AB-4567CD-89EF01: gcloud billing accounts list'
  check BUDGET_AMOUNT "$budget_amount" '[1-9][0-9]{0,8}' \
    "a whole number: gcloud misreads fractions"
  [[ $bot_token =~ ^[A-Za-z0-9._-]*$ ]] ||
    faults+=("DISCORD_BOT_TOKEN is no token: $portal, then Bot, Reset Token (without the word Bot)")

  [[ ${#faults[@]} == 0 ]] || complain
  ((10#$min_instances <= 10#$max_instances)) ||
    abort "MIN_INSTANCES ($min_instances) is more than MAX_INSTANCES ($max_instances)"
  ((threads >= concurrency)) || abort "THREADS ($threads) is less than CONCURRENCY ($concurrency): some would wait unseen"
  ((concurrency <= 16)) ||
    warn "CONCURRENCY is $concurrency: above 16, an instance accepts more than it can draw before others are started"
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
  local again=$BUSY
  settled "$@" 2>/dev/null || grep -qiE "$ABSENT" "$scratch/errors" || {
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

# Run what needs an API or a service account that may be new. It takes a minute or two until either is known everywhere
# (https://cloud.google.com/iam/docs/access-change-propagation), or until what was interrupted has come to its end.
settled() {
  local pause again=${again:-"$name-(run|build)@|[Ss]ervice account|$BUSY|$DISABLED"}
  for pause in 2 4 8 16 30 30 30; do
    { google "$@" 2>&1 >&4 | tee "$scratch/errors" >&2; } 4>&1 && return
    ! grep -q 'already exists' "$scratch/errors" || return 1
    grep -qE "$again" "$scratch/errors" || return 1
    warn "Google is not ready yet; once more in $pause s"
    sleep "$pause"
  done
  google "$@"
}

# --- what is there already --------------------------------------------------

# What bears our mark. What version 1.0.0 made has none: its accounts' display names say whose they are.
know() {
  local line path account labels
  ours='' described='' # accounts of ours, and what is written of the one that runs
  accounts=$(ask "${delete:+$run_account||$mark gs://${bucket:-$project-$name}|
$build_account||$mark|}" iam service-accounts list --format='value[separator="|"](email,displayName,description,projectId)')
  while read -r line; do
    case $line in
      "$run_account|Runs $name: may add pictures to gs://"* | "$run_account|"*"|$mark "*) described=$line ;;
      "$build_account|Builds $name|"* | "$build_account|"*"|$mark|"*) ours=$build_account ;;
      "$run_account|"* | "$build_account|"*) stranger "the account ${line%%|*}" ;;
    esac
  done <<<"$accounts"
  [[ ! $described ]] || ours="$run_account $ours"

  regions='' # where our function is
  functions=$(ask "${delete:+${region:-REGION}/functions/$name|$run_account|$mark}" \
    functions list --format='value[separator="|"](name.scope("locations"),serviceConfig.serviceAccountEmail,labels)')
  while IFS='|' read -r path account labels; do
    [[ $path == */functions/$name ]] || continue
    if [[ ";$labels;" == *";$mark;"* || ($described && $account == "$run_account") ]]; then
      regions="$regions ${path%%/*}"
    fi
  done <<<"$functions"
  read -r path _ <<<"$regions"
  region=${region:-${path:-europe-west1}}
  [[ " $regions " == *" $region "* || $'\n'$functions != *$'\n'"$region/functions/$name|"* ]] ||
    stranger "the function $name in $region"
  had_bucket=${described#*gs://} had_bucket=${had_bucket%%|*}
  [[ $described == *gs://* ]] || had_bucket=''
  bucket=${bucket:-${had_bucket:-$project-$name}}
}

# What has our name and is not ours stops a deployment; a removal goes round it.
stranger() {
  [[ $delete ]] || abort "$1 is there, and nothing says that it is mando's: it is left alone. Choose another FUNCTION_NAME"
  warn "left alone, for nothing says that it is mando's: $1"
}

# marked PRETENDED LABELS LIST...: print the names of what a list shows with our mark in its labels.
marked() {
  local pretended=$1 field=$2 list each labels
  shift 2
  list=$(ask "${delete:+$pretended|$mark}" "$@" --format="value[separator=\"|\"](name,$field)") || return
  while IFS='|' read -r each labels; do
    [[ ";$labels;" != *";$mark;"* ]] || printf '%s\n' "$each"
  done <<<"$list"
}

# --- deploying --------------------------------------------------------------

deploy() {
  use_project
  use_billing
  step 'APIs that the function needs' 'Most need a billing account: set BILLING_ACCOUNT (gcloud billing accounts list).'
  google services enable "${APIS[@]/%/.googleapis.com}"
  use_budget
  step 'What is there already' 'gcloud names the reason above.'
  know
  [[ $pictures == attachments ]] || make_bucket
  make_accounts
  deploy_function
  use_alerts
  [[ ! $dry_run ]] || url=https://$region-$project.cloudfunctions.net/$name
  report
}

use_project() {
  step "Project $project" "Log in (gcloud auth login), or choose another GOOGLE_CLOUD_PROJECT: ids are shared by the whole world."
  if ! there projects describe "$project"; then
    # Of the APIs that gcloud would enable by itself, the function needs none.
    google projects create "$project" --no-enable-cloud-apis || there projects describe "$project"
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
  local found settings=(--budget-amount="$budget_amount" --filter-projects="projects/$project" --calendar-period=month)
  local shares=(percent=0.5 percent=0.9 percent=1.0 'percent=1.0,basis=forecasted-spend')
  found=$(settled billing budgets list --billing-account="$billing_account" \
    --filter="displayName=\"$budget\"" --format='value(name)')
  if [[ $found ]]; then # create would make a second one of the same name
    google billing budgets update "${found%%$'\n'*}" "${settings[@]}" \
      --clear-threshold-rules "${shares[@]/#/--add-threshold-rule=}" --format=none
  else
    google billing budgets create --billing-account="$billing_account" --display-name="$budget" \
      "${settings[@]}" "${shares[@]/#/--threshold-rule=}" --format=none
  fi
}

make_bucket() {
  local where
  step "Bucket gs://$bucket" "Names are shared by the whole world: choose another BUCKET_NAME. Is $region a region? gcloud functions regions list"
  if where=$(google storage buckets describe "gs://$bucket" --format='value[separator="|"](location,labels)' 2>/dev/null) &&
    [[ ! $dry_run ]]; then
    refuse_strange_bucket "${where#*|}"
    [[ $where == "$(tr '[:lower:]' '[:upper:]' <<<"$region")|"* ]] || say "It stays where it is: ${where%%|*}"
  else
    google storage buckets create "gs://$bucket" --location="$region" --uniform-bucket-level-access ||
      there storage buckets describe "gs://$bucket"
  fi

  local settings=(
    --update-labels="$mark"
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
  cure='Does a policy of your organisation forbid public buckets? PICTURES=attachments needs none (README.md, Deploy).'
  google storage buckets update "gs://$bucket" "${settings[@]}"

  if [[ $had_bucket && $had_bucket != "$bucket" ]]; then
    say "Older pictures stay in gs://$had_bucket, which is removed with the rest"
    tolerant storage buckets update "gs://$had_bucket" --update-labels="$mark"
  fi

  # legacyObjectReader lets anybody get a picture; objectViewer would let them list all of them.
  google storage buckets add-iam-policy-binding "gs://$bucket" --member=allUsers --role=roles/storage.legacyObjectReader \
    --format=none
}

# refuse_strange_bucket LABELS: one that is not ours may become so if nothing is in it.
refuse_strange_bucket() {
  local files
  [[ ";$1;" != *";$mark;"* && $bucket != "$had_bucket" ]] || return 0
  files=$(ask '' storage ls "gs://$bucket")
  [[ ! $files && ";$1" != *\;mando_* ]] ||
    abort "gs://$bucket is not this function's, and has files in it: give it a bucket of its own in BUCKET_NAME"
}

make_accounts() {
  step 'Service accounts to run and to build' 'You need the role Owner on the project.'
  local has=gs://$bucket
  [[ $pictures == bucket ]] || has=attachments${had_bucket:+" gs://$had_bucket"} # which still has older pictures
  [[ ! $alert_email && $described != *' alerts '* ]] || has="alerts $has" # to be looked for from now on
  make_account "$name-run" "$run_account" "Runs $name" "$mark $has"
  make_account "$name-build" "$build_account" "Builds $name" "$mark"
  [[ $pictures == attachments ]] || settled storage buckets add-iam-policy-binding "gs://$bucket" \
    --member="serviceAccount:$run_account" --role=roles/storage.objectCreator --format=none
  # --condition=None, or gcloud asks which condition when the policy has any.
  settled projects add-iam-policy-binding "$project" --condition=None \
    --member="serviceAccount:$build_account" --role="$BUILDER" --format=none
}

# make_account ID EMAIL NAME DESCRIPTION
make_account() {
  if [[ " $ours " != *" $2 "* ]]; then
    settled iam service-accounts create "$1" --display-name="$3" --description="$4" --format=none
  elif [[ $accounts != *"$2|$3|$4|"* ]]; then
    google iam service-accounts update "$2" --display-name="$3" --description="$4" --format=none
  fi
}

deploy_function() {
  step "Function $name in $region (two minutes)" "Is $region a region (gcloud functions regions list), and $name free? The log of a build is named above; CONTRIBUTING.md says how to run the same locally."
  local variables="DISCORD_PUBLIC_KEY=$public_key,DISCORD_APP_ID=$app_id,THREADS=$threads,GOOGLE_CLOUD_PROJECT=$project"
  [[ $module == command ]] || variables+=,COMMAND=$module
  if [[ $pictures == attachments ]]; then variables+=,PICTURES=attachments; else variables+=,BUCKET_NAME=$bucket; fi
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
    --serve-all-traffic-latest-revision # after a roll-back, Google would leave the traffic at the old one
    --update-labels="$mark"
  )
  local format='value(firstof(url,serviceConfig.uri))' update=(--cpu-boost --no-cpu-throttling)
  [[ $billing == instance ]] || update=(--cpu-boost --cpu-throttling)
  if ! url=$(settled functions deploy "$name" "${flags[@]}" --format="$format"); then
    grep -qiE "$FORBIDDEN" "$scratch/errors" || exit 1
    warn 'a policy forbids allUsers as invoker: the check of invokers is switched off instead, main.py checks signatures'
    update+=(--no-invoker-iam-check) # https://cloud.google.com/run/docs/authenticating/public
    url=$(google functions describe "$name" --gen2 --region="$region" --format="$format")
  fi

  step 'CPU after the answer, and who may call' 'Until this is set, pictures come late or never. Is gcloud a new one (gcloud components update)?'
  # A delivery goes on after the 202; each deployment of the function sets throttling back.
  google run services update "$name" --region="$region" "${update[@]}"
}

use_alerts() {
  [[ $alert_email || $described == *' alerts '* ]] || return 0
  step "Alerts to ${alert_email:-nobody}" 'gcloud needs two components for them: gcloud components install alpha beta'
  [[ $alert_email ]] || { remove_alerts && return; }
  local channel policy file=$scratch/policy.json
  google services enable monitoring.googleapis.com
  channel=$(marked '' userLabels beta monitoring channels list)
  if [[ $channel ]]; then
    google beta monitoring channels update "$channel" --update-channel-labels=email_address="$alert_email" --format=none
  else
    channel=$(settled beta monitoring channels create --type=email --display-name="$budget" --user-labels="$mark" \
      --channel-labels=email_address="$alert_email" --format='value(name)')
  fi
  cat >"$file" <<END
{"displayName": "$budget", "userLabels": {"${mark%=*}": "${mark#*=}"}, "notificationChannels": ["${channel:-CHANNEL}"],
 "combiner": "OR", "alertStrategy": {"notificationRateLimit": {"period": "3600s"}},
 "conditions": [{"displayName": "errors, and users who were told busy", "conditionMatchedLog": {"filter":
  "resource.type=cloud_run_revision resource.labels.service_name=\"$name\" (severity>=ERROR OR jsonPayload.outcome:busy)"}}]}
END
  [[ ! $dry_run ]] || say "# policy.json: $(tr -d '\n' <"$file")"
  policy=$(marked '' userLabels alpha monitoring policies list)
  if [[ $policy ]]; then
    google alpha monitoring policies update "$policy" --policy-from-file="$file" --format=none
  else
    google alpha monitoring policies create --policy-from-file="$file" --format=none
  fi
}

report() {
  local each
  doing=
  say "${dry_run:+# }$name answers at $url"
  for each in $regions; do
    [[ $each == "$region" ]] ||
      warn "$name still runs in $each, and may cost money: gcloud functions delete $name --gen2 --region=$each --project=$project"
  done
  if [[ $bot_token ]]; then
    step 'Registering the commands and the endpoint' "The function is deployed. Register it: make register ARGS='--endpoint $url'"
    register --endpoint "$url"
  else
    local invite="https://discord.com/oauth2/authorize?client_id=$app_id&scope=applications.commands&integration_type"
    cat <<END
Left to do:
  1. Register the commands and the endpoint, with the token of Developer Portal, Bot:
       DISCORD_BOT_TOKEN=... make register ARGS="--endpoint $url"
     (or paste the address into General Information, Interactions Endpoint URL, and
     run it without --endpoint)
  2. Invite it to a server:  $invite=0
     or to your own account: $invite=1
END
  fi
  [[ ! $dry_run ]] || estimate
}

estimate() {
  local python=.venv/bin/python
  [[ -x $python ]] || python=python3
  "$python" -m benchmarks.price --region="$region" --billing="$billing" \
    --min-instances="$min_instances" --max-instances="$max_instances" --pictures="$pictures" | sed 's/^/# /' ||
    say '# Without Python, what it costs is said in README.md only: What it costs'
}

# What tools.register needs, before anything is done: a step that fails at the very end is a nuisance.
install_tools() {
  step 'Packages of tools.register' 'See above. Without DISCORD_BOT_TOKEN, none are needed here.'
  if [[ $dry_run ]]; then say 'make .venv/installed'; else make --silent .venv/installed; fi
}

# The token travels in the environment: a command line can be read by everybody on the machine.
register() {
  if [[ $dry_run ]]; then
    say ".venv/bin/python -m tools.register $*"
  else
    GOOGLE_CLOUD_PROJECT=$project FUNCTION_NAME=$name DISCORD_APP_ID=$app_id DISCORD_BOT_TOKEN=$bot_token \
      .venv/bin/python -m tools.register "$@"
  fi
}

# --- removing ---------------------------------------------------------------

# In this order, whatever is left after an interruption is found again: buckets and functions by the accounts,
# regions by the functions.
delete() {
  say "${dry_run:+# }This removes from project $project what bears the mark of $name:
${dry_run:+# }  the function in every region, its accounts $name-run and $name-build, the budget \"$budget\", alerts,
${dry_run:+# }  and its bucket with every picture in it: messages on Discord lose theirs."
  [[ $assume_yes || $dry_run ]] || confirm 'Remove them?' || abort 'nothing was removed'

  step "Project $project" 'Is it the right one? gcloud projects list shows yours; gcloud auth login logs you in.'
  google projects describe "$project" --format=none
  know

  local each
  if [[ $bot_token && $app_id ]]; then
    step 'The commands and the endpoint at Discord' 'Without DISCORD_BOT_TOKEN, Discord is left as it is.'
    register --remove
  else
    warn 'Discord still has the commands and the endpoint: DISCORD_BOT_TOKEN=... make register ARGS=--remove'
  fi
  remove_leftovers
  step 'Buckets' 'You need the role Storage Admin on the project.'
  remove_buckets
  for each in $regions; do
    step "Function $name in $each" 'gcloud names the reason above.'
    tolerant functions delete "$name" --gen2 --region="$each"
  done
  [[ $described != *' alerts '* ]] || remove_alerts
  remove_budget
  step 'Service accounts' 'You need the role Owner on the project.'
  remove_bindings
  for each in $ours; do
    tolerant iam service-accounts delete "$each"
  done
  doing=
  say "${dry_run:+# }Removed. The project is kept, and costs nothing by itself; to remove it too: gcloud projects delete $project"
}

confirm() {
  [[ -t 0 ]] || abort '--delete asks first, and there is no terminal to ask on: give --yes'
  local answer
  read -r -p "$1 [y/N] " answer || true
  [[ $answer == [yY]* ]]
}

remove_buckets() {
  local buckets each
  buckets=$(marked "$bucket" labels storage buckets list)
  buckets=" ${buckets//$'\n'/ } "
  [[ ! $had_bucket || $buckets == *" $had_bucket "* ]] || buckets=" $had_bucket$buckets" # 1.0.0's, or another project's
  for each in $buckets; do
    remove_bucket "$each"
  done
  [[ $buckets == *" $bucket "* ]] || ! there storage buckets describe "gs://$bucket" || stranger "gs://$bucket"
}

remove_bucket() {
  local labels left
  labels=$(ask "$mark" storage buckets describe "gs://$1" --format='value(labels)')
  # Another function's mark on it, or another account that is said to use it.
  if [[ ";${labels//$mark/}" == *\;mando_* ]] || grep -v "^$run_account|" <<<"$accounts" | grep -qF "gs://$1|"; then
    warn "left alone, for another function uses it: gs://$1"
    tolerant storage buckets update "gs://$1" --remove-labels="${mark%=*}"
    return
  fi
  tolerant storage rm "gs://$1/$PICTURE"
  left=$(ask '' storage ls "gs://$1/**")
  if [[ $left ]]; then
    warn "gs://$1 has files that are not mando's:"$'\n'"$(sed -n '1,5p' <<<"$left")"
    if [[ $assume_yes ]] || ! confirm 'Remove them too?'; then
      warn "left alone, with their bucket. To remove both: gcloud storage rm --recursive gs://$1"
      return
    fi
  fi
  empty_bucket "$1"
}

empty_bucket() {
  tolerant storage rm "gs://$1/**"
  tolerant storage buckets delete "gs://$1"
}

remove_alerts() {
  step 'Alerts' 'gcloud needs two components for them: gcloud components install alpha beta'
  local found each
  found=$(marked POLICY userLabels alpha monitoring policies list)
  for each in $found; do
    tolerant alpha monitoring policies delete "$each"
  done
  found=$(marked CHANNEL userLabels beta monitoring channels list)
  for each in $found; do
    tolerant beta monitoring channels delete "$each"
  done
}

# Bindings outlive their account, as deleted:serviceAccount:EMAIL?uid=NUMBER
remove_bindings() {
  local bindings role member
  bindings=$(ask "$BUILDER serviceAccount:$build_account" projects get-iam-policy "$project" \
    --flatten='bindings[].members' --format='value[separator=" "](bindings.role,bindings.members)')
  while read -r role member; do
    case $member in
      deleted:serviceAccount:"$run_account"* | deleted:serviceAccount:"$build_account"*) ;;
      *serviceAccount:"$run_account" | *serviceAccount:"$build_account") [[ " $ours " == *" ${member#*:} "* ]] || continue ;;
      *) continue ;;
    esac
    tolerant projects remove-iam-policy-binding "$project" --all --member="$member" --role="$role" --format=none
  done <<<"$bindings"
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

# What Google made for the builds; the other functions of a region use the same.
remove_leftovers() {
  local buckets each at
  for at in $regions; do
    step "Images and sources in $at" 'gcloud names the reason above.'
    if grep -v "/functions/$name|" <<<"$functions" | grep -q "^$at/"; then
      say "Kept, for other functions use them: the repository gcf-artifacts and the buckets gcf-v2-* of $at"
      continue
    fi
    tolerant artifacts repositories delete gcf-artifacts --location="$at"
    buckets=$(ask "gcf-v2-sources-NUMBER-$at" storage buckets list --format='value(name)' \
      --filter="name~'^gcf-v2-(sources|uploads)-[0-9]+[-.]$at(\\.|\$)'")
    for each in $buckets; do
      empty_bucket "$each"
    done
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

[[ ! $bot_token ]] || install_tools
if [[ $delete ]]; then delete; else deploy; fi
