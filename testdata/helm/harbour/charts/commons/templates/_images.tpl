{{/*
The reference of one image, of registry, repository, tag and digest, each of which may be missing but the repository.

  {{ include "commons.images.image" (dict "imageRoot" .Values.image "global" .Values.global "chart" .Chart) }}

Without a tag it is the version of the chart's application.
*/}}
{{- define "commons.images.image" -}}
{{- $registryName := default .imageRoot.registry ((.global).imageRegistry) -}}
{{- $repositoryName := .imageRoot.repository -}}
{{- $separator := ":" -}}
{{- $termination := .imageRoot.tag | toString -}}
{{- if not .imageRoot.tag -}}
  {{- if .chart -}}
    {{- $termination = .chart.AppVersion | toString -}}
  {{- end -}}
{{- end -}}
{{- if .imageRoot.digest -}}
  {{- $separator = "@" -}}
  {{- $termination = .imageRoot.digest | toString -}}
{{- end -}}
{{- if $registryName -}}
  {{- printf "%s/%s%s%s" $registryName $repositoryName $separator $termination -}}
{{- else -}}
  {{- printf "%s%s%s" $repositoryName $separator $termination -}}
{{- end -}}
{{- end -}}

{{/* A list of containers, each with a name and an image of the values. */}}
{{- define "commons.images.containers" -}}
{{- range $name, $container := .containers }}
- name: {{ $name }}
  image: {{ include "commons.images.image" (dict "imageRoot" $container.image "global" $.global "chart" $.chart) }}
  {{- with $container.args }}
  args: {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end }}
{{- end -}}
