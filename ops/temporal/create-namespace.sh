#!/bin/sh
# The namespace and the search attributes of workflows/contract.ts. Asking for what exists changes nothing.
# Where: TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE.
set -eu

tries=0
until temporal operator cluster health; do
  tries=$((tries + 1))
  [ "$tries" -lt 24 ] || exit 1
  sleep 5
done

temporal operator namespace describe --namespace "$TEMPORAL_NAMESPACE" >/dev/null 2>&1 ||
  temporal operator namespace create --namespace "$TEMPORAL_NAMESPACE" --retention 720h

# A new namespace takes some seconds to reach every part of the server.
tries=0
until temporal operator search-attribute create --namespace "$TEMPORAL_NAMESPACE" \
  --name LocationId --type Keyword \
  --name ContactId --type Keyword \
  --name LeadStage --type Keyword \
  --name LeadTier --type Keyword \
  --name Sequence --type Keyword \
  --name LeadScore --type Int \
  --name NextTouchAt --type Datetime \
  --name Paused --type Bool; do
  tries=$((tries + 1))
  [ "$tries" -lt 12 ] || exit 1
  sleep 5
done
