// Plain JavaScript for any current browser. Text from the document or from answers only ever
// becomes text nodes and values: nothing here can turn into markup.
export const pageScript = `
'use strict'
let accessToken = null

function element(name, attributes = {}, ...children) {
  const node = document.createElement(name)
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value)
  node.append(...children)
  return node
}

function resolve(api, schema) {
  const name = schema && schema.$ref && schema.$ref.split('/').pop()
  return name ? api.components.schemas[name] : schema
}

function example(api, given) {
  const schema = resolve(api, given) || {}
  if (schema.example !== undefined) return schema.example
  if (schema.enum) return schema.enum[0]
  if (schema.anyOf) return example(api, schema.anyOf[0])
  if (schema.type === 'array') return []
  if (schema.type === 'boolean') return true
  if (schema.type === 'integer' || schema.type === 'number') return 1
  if (schema.type !== 'object') return schema.format === 'password' ? 'correct horse battery' : ''
  const required = schema.required || []
  const names = Object.keys(schema.properties || {})
  const shown = required.length > 0 ? names.filter((name) => required.includes(name)) : names
  return Object.fromEntries(shown.map((name) => [name, example(api, schema.properties[name])]))
}

function body(api, path, operation) {
  const content = operation.requestBody && operation.requestBody.content['application/json']
  if (!content) return null
  const value = example(api, content.schema)
  if (path.endsWith('/register')) Object.assign(value, { email: 'ada@example.com' })
  if (path.endsWith('/login')) Object.assign(value, { email: 'ada@example.com' })
  return JSON.stringify(value, null, 2)
}

function answers(operation) {
  const rows = Object.entries(operation.responses).map(([status, { description }]) =>
    element('tr', {}, element('td', {}, status), element('td', {}, description.replaceAll('\\u0060', ''))))
  return element('table', {}, element('tbody', {}, ...rows))
}

function field(form, label, attributes, tag = 'input') {
  const id = form.dataset.id + '-' + label
  const input = element(tag, { id, ...attributes })
  form.append(element('label', { for: id }, label), input)
  return input
}

async function call(method, url, text, output) {
  const headers = { accept: 'application/json' }
  if (accessToken) headers.authorization = 'Bearer ' + accessToken
  if (text !== null) headers['content-type'] = 'application/json'
  output.textContent = '…'
  try {
    const response = await fetch(url, { method, headers, body: text })
    const answer = await response.text()
    let parsed = null
    try { parsed = JSON.parse(answer) } catch {}
    if (parsed && parsed.accessToken) signedIn(parsed)
    output.className = response.ok ? '' : 'bad'
    output.textContent = response.status + ' ' + response.statusText + '\\n\\n' + (parsed ? JSON.stringify(parsed, null, 2) : answer)
  } catch (error) {
    output.className = 'bad'
    output.textContent = String(error)
  }
}

function signedIn(answer) {
  accessToken = answer.accessToken
  const who = answer.user ? answer.user.email : 'the same user'
  document.getElementById('who').textContent = 'Signed in as ' + who + '. The access token is good for ' + answer.expiresIn + ' seconds; refresh makes a new one.'
}

function form(api, method, path, operation, id) {
  const node = element('form', { 'data-id': id })
  const inputs = (operation.parameters || []).map((parameter) => ({ parameter, input: field(node, parameter.name, parameter.required ? { required: '' } : {}) }))
  const text = body(api, path, operation)
  const area = text === null ? null : field(node, 'body', { rows: String(text.split('\\n').length), spellcheck: 'false' }, 'textarea')
  if (area) area.value = text
  const output = element('pre', { 'aria-live': 'polite' }, 'The answer comes here.')
  node.append(element('button', {}, 'Send'), output)
  node.addEventListener('submit', (event) => {
    event.preventDefault()
    const query = new URLSearchParams()
    let url = path
    for (const { parameter, input } of inputs) {
      if (parameter.in === 'path') url = url.replace('{' + parameter.name + '}', encodeURIComponent(input.value))
      else if (input.value !== '') query.set(parameter.name, input.value)
    }
    void call(method.toUpperCase(), url + (query.size ? '?' + query : ''), area && area.value, output)
  })
  return node
}

function show(api) {
  document.getElementById('about').textContent = 'Version ' + api.info.version + ' at ' + api.servers[0].url
  const groups = new Map()
  for (const [path, operations] of Object.entries(api.paths)) {
    for (const [method, operation] of Object.entries(operations)) {
      const id = method + '-' + path.split('/').pop().replace(/[^a-z0-9]+/gi, '-')
      const inside = element('div', { class: 'inside' })
      if (operation.description) inside.append(element('p', {}, operation.description.replaceAll('\\u0060', '')))
      inside.append(answers(operation), form(api, method, path, operation, operation.operationId))
      const head = element('summary', {}, element('span', { class: 'method' }, method.toUpperCase()), element('span', { class: 'path' }, path), element('span', { class: 'summary' }, operation.summary))
      const entry = element('details', { id }, head, inside)
      const tag = operation.tags[0]
      groups.set(tag, [...(groups.get(tag) || []), entry])
    }
  }
  for (const [tag, entries] of groups) document.getElementById('operations').append(element('h2', {}, tag), ...entries)
  openTarget()
}

function openTarget() {
  const target = location.hash && document.getElementById(location.hash.slice(1))
  if (target instanceof HTMLDetailsElement) { target.open = true; target.scrollIntoView() }
}

addEventListener('hashchange', openTarget)
fetch('openapi.json').then((response) => response.json()).then(show, (error) => { document.getElementById('about').textContent = String(error) })
`
