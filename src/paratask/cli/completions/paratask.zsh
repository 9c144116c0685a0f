#compdef paratask
# Completes paratask's tasks and options in zsh. To have it in each shell, put this into ~/.zshrc, below compinit:
#
#     eval "$(paratask --completion zsh)"
#
# or write it to a file `_paratask` in a folder of $fpath.

# What the program offers for one of its options, and what that is called here.
_paratask_offer() {
    local -a where ran offered
    local index name description
    for ((index = 2; index < CURRENT; index++)); do
        case $words[index] in
            -d | --dir | -t | --taskfile) where+=("$words[index]" "$words[index + 1]") ;;
            --dir=* | --taskfile=* | -g | --global) where+=("$words[index]") ;;
            --run) [[ $1 != --why ]] || ran=("$words[index]" "$words[index + 1]") ;;
            --run=*) [[ $1 != --why ]] || ran=("$words[index]") ;;
        esac
    done
    while IFS=$'\t' read -r name description; do
        if [[ $name != *'*'* ]]; then
            offered+=("${name//:/\\:}${description:+:$description}")
        fi
    done < <("$words[1]" $where $1 $ran --names 2>/dev/null)
    _describe -t ${2}s $2 offered
}

_paratask_runs() { _paratask_offer --runs run }

_paratask_list() {
    compset -P '*,'
    _paratask_offer $1 $2
}

_paratask_reports() {
    if compset -P '*='; then
        _files
    else
        compadd -S '' -- @REPORTS@
    fi
}

_paratask_words() {
    if ((${words[(I)--exec]})); then  # plain commands, and what is put into them
        _files
    elif ((${words[(I)--init]} || ${words[(I)-i]})); then
        _paratask_offer --init kind
        _files -/
    elif ((${words[(I)--resume]})); then
        _paratask_offer --resume run
    elif ((${words[(I)--logs]} || ${words[(I)--why]} || ${words[(I)--stats]})); then
        _paratask_offer --why job
    else
        _paratask_offer --list-all task
    fi
}

_paratask() {
    if ((${words[(i)--]} < CURRENT)); then  # what follows belongs to the task
        _files
        return
    fi
    _arguments -s \
@OPTIONS@
        '*: :_paratask_words'
}

if [[ $funcstack[1] == _paratask ]]; then
    _paratask "$@"
else
    compdef _paratask paratask
fi
