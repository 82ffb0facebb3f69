#!/bin/sh
# What a back-office system does, with curl alone: a session and its QR as a picture, a photo sent, the list, the photo back.
#
#   MOSTRADOR_TOKEN=… sh examples/native/back-office.sh 40123456 photo.jpg
#
# MOSTRADOR_URL is where the desk is, http://127.0.0.1:8080 unless it is set. Writes qr.png and stored.jpg into this folder.
set -eu
person=$1
photo=$2
url=${MOSTRADOR_URL:-http://127.0.0.1:8080}
uuid=$(cat /proc/sys/kernel/random/uuid 2>/dev/null || uuidgen | tr A-Z a-z)

desk() {
  curl --silent --show-error --fail-with-body --header "Authorization: Bearer $MOSTRADOR_TOKEN" "$@"
}

# A session for one person. Its QR changes every minute: fetch the picture again as often as it is shown.
session=$(desk --header 'Content-Type: application/json' --data "{\"idPersona\": \"$person\"}" "$url/api/sessions")
id=$(printf %s "$session" | sed 's/^{"session":{"id":"\([^"]*\)".*/\1/')
desk --output qr.png "$url/api/sessions/$id/qr.png"
echo "session $id, its QR in qr.png"

# A photo: its bytes as they are, under a UUID of our own making. Sent again it stays one photo. 201: it is safe on the disk.
desk --request PUT --data-binary "@$photo" --header 'Content-Type: image/jpeg' "$url/api/photos/$uuid?idPersona=$person"
echo

# The person's photos, newest first, and this one back: upright, without the camera's metadata.
desk "$url/api/photos?idPersona=$person&limit=5"
echo
desk --output stored.jpg "$url/api/photos/$uuid"
echo "photo $uuid in stored.jpg"

desk --request DELETE --output /dev/null "$url/api/sessions/$id"
echo "session $id ended"
