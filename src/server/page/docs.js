for (const form of document.querySelectorAll('form.try')) {
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void send(form);
  });
}

async function send(form) {
  const { verb, path } = form.dataset;
  const answer = form.querySelector('.answer');
  const body = form.querySelector('textarea')?.value;
  const token = document.getElementById('token').value;
  const headers = {
    ...(body !== undefined && { 'content-type': 'application/json' }),
    ...(token && { authorization: `Bearer ${token}` }),
  };
  answer.hidden = false;
  answer.textContent = '…';
  try {
    const response = await fetch(path.slice(1), { method: verb, headers, body });
    answer.textContent = `${response.status} ${response.statusText}\n${pretty(await response.text())}`;
  } catch (error) {
    answer.textContent = `The server cannot be reached: ${error.message}`;
  }
}

function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
