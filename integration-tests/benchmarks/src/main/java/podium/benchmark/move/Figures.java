package podium.benchmark.move;

import java.util.List;

/// What was seen: no operation has failed, and no byte differs.
///
/// @param operations of the program that does everything to files
/// @param files made by the crowd
/// @param transactions of those that have a database
/// @param names compared at the end
/// @param slowestOperation milliseconds, as the program saw it
/// @param slowestTransaction milliseconds, as the program saw it
public record Figures(
        List<Move> moves,
        long operations,
        long files,
        long transactions,
        long names,
        double slowestOperation,
        double slowestTransaction) {

    public Figures {
        moves = List.copyOf(moves);
    }
}
