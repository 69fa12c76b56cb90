{{- define "ledger.fullname" -}}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- define "ledger.labels" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/*
The whole reference of one image: include "ledger.image" (dict "image" .Values.image "global" .Values.global)
The global registry goes before the image's own, and a digest before a tag.
*/}}
{{- define "ledger.image" -}}
{{- $registry := .image.registry -}}
{{- if .global -}}
  {{- if .global.imageRegistry -}}
    {{- $registry = .global.imageRegistry -}}
  {{- end -}}
{{- end -}}
{{- $separator := ":" -}}
{{- $version := .image.tag | toString -}}
{{- if .image.digest -}}
  {{- $separator = "@" -}}
  {{- $version = .image.digest | toString -}}
{{- end -}}
{{- if $registry -}}
{{- printf "%s/%s%s%s" $registry .image.repository $separator $version -}}
{{- else -}}
{{- printf "%s%s%s" .image.repository $separator $version -}}
{{- end -}}
{{- end -}}

{{/* Pull secrets of the chart and of its images, each once. */}}
{{- define "ledger.pullSecrets" -}}
{{- $names := list -}}
{{- range concat (.Values.global.imagePullSecrets | default list) (.Values.image.pullSecrets | default list) -}}
  {{- $names = append $names . -}}
{{- end -}}
{{- if $names }}
imagePullSecrets:
{{- range $names | uniq }}
  - name: {{ . }}
{{- end }}
{{- end }}
{{- end -}}
