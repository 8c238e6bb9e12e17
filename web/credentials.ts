/** Shows the page's form and hands over what is typed into it. The key lives as long as the page: it is stored nowhere. */
export const askForKey = (onKey: (key: string) => void): void => {
  const form = document.getElementById('credentials');
  const input = document.getElementById('key');
  if (!(form instanceof HTMLFormElement) || !(input instanceof HTMLInputElement)) return;
  form.hidden = false;
  form.onsubmit = (event) => {
    event.preventDefault();
    form.hidden = true;
    onKey(input.value.trim());
  };
};
