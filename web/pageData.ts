/** What the server writes into its pages. */
export type PageData = {
  examples: { name: string; text: string; variables: string | null }[];
  /** Operations need an API key or a token. */
  needsCredentials: boolean;
};

export const readPageData = (): PageData => {
  const text = document.getElementById('page-data')?.textContent;
  // Written by the server that serves this page, in this shape.
  return text ? (JSON.parse(text) as PageData) : { examples: [], needsCredentials: false };
};
