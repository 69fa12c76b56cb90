{{/* The image of the harbour itself. */}}
{{- define "harbour.image" -}}
{{- include "commons.images.image" (dict "imageRoot" .Values.image "global" .Values.global "chart" .Chart) -}}
{{- end -}}
