console.log('not reached');
enum Color { Red, Green }
console.log(Color.Green);
