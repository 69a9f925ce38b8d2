// The command that uses a stolen refresh token.

const command = document.getElementById("command");
const copy = document.getElementById("copy");

command.textContent = `curl -s ${location.origin}/auth/refresh \\
  -H 'Content-Type: application/json' \\
  -d '{"refresh_token": "…"}'`;

// Browsers provide a clipboard only on secure pages and on localhost.
copy.hidden = !navigator.clipboard;
copy.addEventListener("click", async () => {
  await navigator.clipboard.writeText(command.textContent);
  copy.textContent = "Copied";
  setTimeout(() => { copy.textContent = "Copy"; }, 2000);
});
