// Plain JavaScript for any current browser. Text only ever becomes text nodes.
export const mailPageScript = `
'use strict'
const form = document.querySelector('form')
const button = form.querySelector('button')
const message = document.getElementById('message')
const token = new URLSearchParams(location.hash.slice(1)).get('token')
// Not in the history, nor in what is copied from the address bar.
history.replaceState(null, '', location.pathname)

function say(text, isBad) {
  message.textContent = text
  message.className = isBad ? 'bad' : ''
}

function reasonsOf(problem) {
  const reasons = (problem.errors || []).map(({ message }) => message)
  return [problem.title, ...reasons].filter(Boolean).join(' ') || 'Something went wrong.'
}

async function post(body) {
  const response = await fetch(form.dataset.endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  return response.ok ? null : reasonsOf(await response.json().catch(() => ({})))
}

form.addEventListener('submit', async (event) => {
  event.preventDefault()
  button.disabled = true
  const password = document.getElementById('password')
  try {
    const problem = await post(password ? { token, password: password.value } : { token })
    if (problem) say(problem, true)
    else form.replaceChildren(), say(form.dataset.done)
  } catch {
    say('The service cannot be reached. Try again in a moment.', true)
  }
  button.disabled = false
})

if (token) button.disabled = false
else say('This address is not complete. Open the link from the mail once more.', true)
`
