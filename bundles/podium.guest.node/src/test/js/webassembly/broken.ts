const a: number = 1;
function (
