'use strict';
// JSON: a document of orders, written, read, changed.
const orders = [];
for (let i = 0; i < 50; i++)
  orders.push({
    number: 10000 + i,
    customer: { name: `Customer ${i % 17}`, city: ['Zürich', 'São Paulo', 'Kraków'][i % 3], since: 1990 + (i % 30) },
    lines: Array.from({ length: 3 + (i % 4) }, (_, n) => ({ article: `A-${i * n}`, quantity: n + 1, price: n * 12.75 + 0.05, gift: n % 2 === 0 })),
    note: i % 5 ? null : 'say "hello"\nand \\ be quick',
  });

module.exports = () => {
  let text = JSON.stringify(orders);
  for (let i = 0; i < 3; i++) {
    const read = JSON.parse(text);
    for (const order of read) order.total = order.lines.reduce((sum, line) => sum + line.quantity * line.price, 0).toFixed(2);
    text = JSON.stringify(read);
  }
  return text.length + JSON.stringify(JSON.parse(text, (key, value) => (key === 'note' ? undefined : value)), null, 1).length;
};
