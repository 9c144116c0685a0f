# Completes paratask's tasks and options in fish. To have it in each shell:
#
#     paratask --completion fish > ~/.config/fish/completions/paratask.fish

# What the program offers for one of its options.
function __paratask_offer
    set -l words (commandline -opc)
    set -l where
    set -l ran
    for index in (seq 2 (count $words))
        switch $words[$index]
            case -d --dir -t --taskfile
                set -a where $words[$index] $words[(math $index + 1)]
            case '--dir=*' '--taskfile=*' -g --global
                set -a where $words[$index]
            case --run
                set ran --run $words[(math $index + 1)]
            case '--run=*'
                set ran $words[$index]
        end
    end
    if test "$argv" != --why
        set ran
    end
    $words[1] $where $argv $ran --names 2>/dev/null | string match --invert --regex '^[^\t]*\*'
end

function __paratask_words
    set -l words (commandline -opc)
    if contains -- --exec $words # plain commands, and what is put into them
        __fish_complete_path (commandline -ct)
    else if contains -- --init $words; or contains -- -i $words
        __paratask_offer --init
        __fish_complete_directories (commandline -ct)
    else if contains -- --resume $words
        __paratask_offer --resume
    else if contains -- --logs $words; or contains -- --why $words; or contains -- --stats $words
        __paratask_offer --why
    else
        __paratask_offer --list-all
    end
end

# Names after the last comma.
function __paratask_list
    set -l before (string match --regex '^(?:--[^=]*=)?(.*,)' -- (commandline -ct))[2]
    for line in (__paratask_offer $argv)
        echo "$before$line"
    end
end

function __paratask_reports
    set -l before (string match --regex '^.*=' -- (commandline -ct))
    if test -n "$before"
        for path in (__fish_complete_path (string replace --regex '^.*=' '' -- (commandline -ct)))
            echo $before$path
        end
    else
        printf '%s\n' @REPORTS@
    end
end

function __paratask_is_ours
    not contains -- -- (commandline -opc)
end

complete -c paratask -n __paratask_is_ours -f -a '(__paratask_words)'
@OPTIONS@
